using System.Formats.Tar;
using System.IO.Compression;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>Sentences of FLORES-101.</summary>
internal static class Flores
{
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
