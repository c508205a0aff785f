using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Llamax.Text.Randomness;

namespace Llamax.Benchmarks.Compare;

/// <summary>What is tokenized.</summary>
internal static class TokenizationTexts
{
    /// <summary>All lines of the files whose names end so; of all dev and devtest files where nothing is said.</summary>
    public static List<byte[]> Flores(string archive, params string[] endings)
    {
        endings = endings is [] ? [".dev", ".devtest"] : endings;
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        var lines = new List<byte[]>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (endings.Any(ending => entry.Name.EndsWith(ending, StringComparison.Ordinal)) && entry.DataStream is { } data)
            {
                using var reader = new StreamReader(data);
                while (reader.ReadLine() is { } line)
                {
                    lines.Add(Encoding.UTF8.GetBytes(line));
                }
            }
        }

        return lines;
    }

    /// <summary>Writes lines into a file.</summary>
    public static void Write(string path, IEnumerable<byte[]> lines)
    {
        using var file = File.Create(path);
        foreach (var line in lines)
        {
            file.Write(line);
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>Texts without spaces of about that many bytes.</summary>
    public static IEnumerable<(string Name, byte[] Text)> Unspaced(string archive, int size)
    {
        yield return ("Chinese", Recombined(Flores(archive, "cmn_Hans.dev", "cmn_Hans.devtest"), size));
        yield return ("one letter", [.. Enumerable.Repeat((byte)'a', size)]);
        var random = new RandomStream(1, "letters");
        yield return ("random letters", [.. Enumerable.Range(0, size).Select(_ => (byte)('a' + random.Next(26)))]);
    }

    /// <summary>Stretches of up to 20 characters, drawn at random: as they come, none of the longer words comes again and again.</summary>
    private static byte[] Recombined(List<byte[]> lines, int size)
    {
        var characters = lines.SelectMany(line => Encoding.UTF8.GetString(line).EnumerateRunes()).Where(rune => rune.Value != ' ').ToArray();
        var (random, text) = (new RandomStream(1, "stretches"), new MemoryStream(size));
        Span<byte> utf8 = stackalloc byte[4];
        while (text.Length < size)
        {
            var length = 3 + random.Next(18);
            foreach (var rune in characters.AsSpan(random.Next(characters.Length - length), length))
            {
                text.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            }
        }

        return text.ToArray();
    }

    /// <summary>Cuts a text into lines of about so many bytes, never within a character.</summary>
    public static List<byte[]> Cut(byte[] text, int size)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + size);
            while (end < text.Length && (text[end] & 0xC0) == 0x80)
            {
                end--;
            }

            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
