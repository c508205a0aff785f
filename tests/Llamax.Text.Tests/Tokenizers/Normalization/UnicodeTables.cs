using System.Globalization;
using System.Text;

namespace Llamax.Text.Tests.Tokenizers.Normalization;

/// <summary>
/// Compatibility decomposition, composition and simple case folding of single characters in Unicode 13, the version of
/// SentencePiece's own tables; .NET's would change with .NET, and are absent where globalization is invariant.
/// </summary>
internal sealed class UnicodeTables
{
    private UnicodeTables(Dictionary<string, (string, string)> decompositions, Dictionary<int, int> folded) =>
        (Decompositions, Folded) = (decompositions, folded);

    /// <summary>Of each character that NFKD changes: its NFKD and its NFKC.</summary>
    public Dictionary<string, (string Nfkd, string Nfkc)> Decompositions { get; }

    /// <summary>Of each character that folding changes: what it becomes.</summary>
    public Dictionary<int, int> Folded { get; }

    public static UnicodeTables Load()
    {
        var decompositions = new Dictionary<string, (string, string)>();
        foreach (var line in Lines("decompositions"))
        {
            var parts = line.Split(' ', 2);
            var code = parts[0].TrimEnd('=');
            var sides = parts[1].Split(" > ");
            var nfkd = Characters(sides[0]);
            var character = Characters(code);
            decompositions.Add(character, (nfkd, sides.Length > 1 ? Characters(sides[1]) : code.Length < parts[0].Length ? character : nfkd));
        }

        // Hangul syllables decompose by arithmetic (The Unicode Standard, section 3.12).
        for (var index = 0; index < 11_172; index++)
        {
            var syllable = ((char)(0xAC00 + index)).ToString();
            var (lead, vowel, tail) = ((char)(0x1100 + index / 588), (char)(0x1161 + index % 588 / 28), (char)(0x11A7 + index % 28));
            decompositions.Add(syllable, (index % 28 == 0 ? string.Concat([lead, vowel]) : string.Concat([lead, vowel, tail]), syllable));
        }

        var folded = new Dictionary<int, int>();
        foreach (var line in Lines("casefolding"))
        {
            var parts = line.Split(' ', '.');
            var (first, last) = (Hex(parts[0]), Hex(parts[2]));
            var (step, distance) = (int.Parse(parts[3], CultureInfo.InvariantCulture), int.Parse(parts[4], CultureInfo.InvariantCulture));
            for (var character = first; character <= last; character += step)
            {
                folded.Add(character, character + distance);
            }
        }

        return new UnicodeTables(decompositions, folded);
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(UnicodeTables).Assembly.GetManifestResourceStream($"{name}.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }

    private static string Characters(string codes)
    {
        var text = new StringBuilder();
        foreach (var code in codes.AsSpan().Split(' '))
        {
            text.Append(char.ConvertFromUtf32(Hex(codes.AsSpan()[code])));
        }

        return text.ToString();
    }

    private static int Hex(ReadOnlySpan<char> code) => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
