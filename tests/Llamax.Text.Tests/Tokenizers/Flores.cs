using System.Formats.Tar;
using System.IO.Compression;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>Sentences of FLORES-101 and FLORES-200.</summary>
internal static class Flores
{
    /// <summary>All lines of all files of an archive, one after the other.</summary>
    public static byte[] Bytes(string archive)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        var content = new MemoryStream();
        while (tar.GetNextEntry() is { } entry)
        {
            if (Path.GetExtension(entry.Name) is ".dev" or ".devtest" && entry.DataStream is { } data)
            {
                data.CopyTo(content);
            }
        }

        return content.ToArray();
    }

    /// <summary>The lines of some files, in the order of their names given.</summary>
    public static string[][] ByFile(string archive, string[] names)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        var files = new string[names.Length][];
        while (files.Contains(null) && tar.GetNextEntry() is { } entry)
        {
            var place = Array.IndexOf(names, Path.GetFileName(entry.Name));
            if (place >= 0)
            {
                using var reader = new StreamReader(entry.DataStream!);
                files[place] = reader.ReadToEnd().Split('\n')[..^1];
            }
        }

        return files;
    }

    /// <summary>The first lines of each language's dev file.</summary>
    public static string[] Lines(string archive, int perLanguage, string suffix = ".dev")
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        var lines = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith(suffix) && entry.DataStream is { } data)
            {
                using var reader = new StreamReader(data);
                for (var i = 0; i < perLanguage && reader.ReadLine() is { } line; i++)
                {
                    lines.Add(line);
                }
            }
        }

        return [.. lines];
    }
}
