using System.Globalization;
using System.Text;

namespace Llamax.Metrics.Tokenization;

internal sealed class InternationalTokenizer : BleuTokenizer
{
    private static readonly Rune Space = new(' ');

    public override string Name => "intl";

    public override IReadOnlyList<string> Tokenize(string segment)
    {
        var runes = Pairs([.. segment.EnumerateRunes()], (a, b) => !IsNumber(a) && Rune.IsPunctuation(b), before: false);
        runes = Pairs(runes, (a, b) => Rune.IsPunctuation(a) && !IsNumber(b), before: true);
        var line = new StringBuilder(runes.Count * 2);
        foreach (var rune in runes)
        {
            line.Append(Rune.IsSymbol(rune) ? $" {rune} " : rune.ToString());
        }

        return Whitespace.Split(line.ToString());
    }

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Puts a space between the two of each matching pair, and one more before or after it; a pair that
    /// matched is used up.</summary>
    private static List<Rune> Pairs(List<Rune> line, Func<Rune, Rune, bool> matches, bool before)
    {
        var result = new List<Rune>(line.Count * 2);
        for (var i = 0; i < line.Count; i++)
        {
            if (i + 1 < line.Count && matches(line[i], line[i + 1]))
            {
                result.AddRange(before ? [Space, line[i], Space, line[i + 1]] : [line[i], Space, line[i + 1], Space]);
                i++;
            }
            else
            {
                result.Add(line[i]);
            }
        }

        return result;
    }
}
