using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Cleaning;

/// <summary>
/// How many characters languages take for the same text (lengths.tsv beside this file), so that lengths of a pair's sides
/// can be compared: Chinese says in 33 characters what takes 100 in English and 120 in Greek. Immutable.
/// </summary>
internal sealed class CharacterLengths
{
    /// <summary>The only instance.</summary>
    public static readonly CharacterLengths Default = new();

    private readonly Dictionary<string, double> lengths = new(StringComparer.Ordinal);

    private CharacterLengths()
    {
        using var stream = typeof(CharacterLengths).Assembly.GetManifestResourceStream("Llamax.Corpora.Cleaning.lengths.tsv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var tab = line.IndexOf('\t');
                lengths.Add(line[..tab], double.Parse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture) / 100);
            }
        }
    }

    /// <summary>A language's length where English has 1; 1 for languages that are not known.</summary>
    /// <param name="language">Any code of the language.</param>
    public double Of(string language) =>
        lengths.TryGetValue(language, out var length) || lengths.TryGetValue(LanguageRegistry.Default.Find(language)?.Code ?? "", out length) ? length : 1;

    /// <summary>Characters of a text.</summary>
    /// <param name="utf8">Well-formed UTF-8.</param>
    public static int Characters(ReadOnlySpan<byte> utf8)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        var count = utf8.Length; // Less the bytes that only continue a character: 10xxxxxx.
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(utf8))
        {
            count -= BitOperations.PopCount((eight >> 7) & ~(eight >> 6) & Ones);
        }

        foreach (var each in utf8[(utf8.Length & ~7)..])
        {
            count -= (each & 0xC0) == 0x80 ? 1 : 0;
        }

        return count;
    }
}
