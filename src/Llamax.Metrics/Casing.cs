using System.Globalization;
using System.Text;

namespace Llamax.Metrics;

/// <summary>Lower case as Python's <c>str.lower</c> has it, which case-insensitive reference scores rest on: the
/// invariant mapping, and the two places where Unicode's full mapping differs from it.</summary>
internal static class Casing
{
    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('\u0130', '\u03a3'))
        {
            return lower;
        }

        var result = new StringBuilder(lower.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                '\u0130' => result.Append("i\u0307"),
                '\u03a3' => result.Append(IsCased(text, i, -1) && !IsCased(text, i, +1) ? '\u03c2' : '\u03c3'),
                _ => result.Append(lower[i]),
            };
        }

        return result.ToString();
    }

    /// <summary>Whether the next character in that direction, marks and the like aside, is a letter with case.</summary>
    private static bool IsCased(string text, int i, int step)
    {
        for (i += step; i >= 0 && i < text.Length; i += step)
        {
            switch (char.GetUnicodeCategory(text[i]))
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter:
                    return true;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                    or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol:
                    continue;
            }

            if (text[i] is not ('\'' or '.' or ':' or '·' or '’' or '‘'))
            {
                return false;
            }
        }

        return false;
    }
}
