using System.Text;

namespace Llamax.Metrics.Tokenization;

/// <summary>The punctuation rules that mteval's 13a and the Chinese tokenizer share, one pass for each rule.</summary>
internal static class WesternPunctuation
{
    public static IReadOnlyList<string> Separate(string line)
    {
        line = Symbols(line);
        line = Pairs(line, (a, b) => !char.IsAsciiDigit(a) && b is '.' or ',', "", " ", " ");
        line = Pairs(line, (a, b) => a is '.' or ',' && !char.IsAsciiDigit(b), " ", " ", "");
        line = Pairs(line, (a, b) => char.IsAsciiDigit(a) && b == '-', "", " ", " ");
        return Whitespace.Split(line);
    }

    /// <summary>ASCII punctuation other than apostrophe, comma, hyphen and period stands alone.</summary>
    private static string Symbols(string line)
    {
        var result = new StringBuilder(line.Length * 2);
        foreach (var c in line)
        {
            if (c is >= '{' and <= '~' or >= '[' and <= '`' or >= ' ' and <= '&' or >= '(' and <= '+' or >= ':' and <= '@' or '/')
            {
                result.Append(' ').Append(c).Append(' ');
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    /// <summary>Rewrites matching pairs from left to right as before + a + between + b + after. A pair that matched
    /// is used up, as in a regular expression: its second character does not begin another.</summary>
    private static string Pairs(string line, Func<char, char, bool> matches, string before, string between, string after)
    {
        var result = new StringBuilder(line.Length * 2);
        for (var i = 0; i < line.Length; i++)
        {
            if (i + 1 < line.Length && matches(line[i], line[i + 1]))
            {
                result.Append(before).Append(line[i]).Append(between).Append(line[i + 1]).Append(after);
                i++;
            }
            else
            {
                result.Append(line[i]);
            }
        }

        return result.ToString();
    }
}
