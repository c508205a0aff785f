using System.Collections.Frozen;
using System.Globalization;

namespace Llamax.Text.Sentences;

/// <summary>
/// Cuts texts into sentences, in any script: at line ends, and behind the signs that end sentences, with the quotation marks
/// and brackets that close there. Signs that also stand inside sentences (the Latin full stop) count only before white space
/// and not where an abbreviation, an initial, a list number or a small letter behind them says otherwise. The rules follow
/// Unicode Standard Annex 29, section 5, without its tables.
/// </summary>
public static class SentenceSplitter
{
    /// <summary>End a sentence wherever they stand: CJK, Indic, Arabic, Ethiopic, Armenian, Khmer, Burmese, Tibetan.</summary>
    private const string Full = "。！？｡।॥۔؟።፧፨։។៕၊။།༎᙮᠃᠉⸮‼⁇⁈⁉";

    /// <summary>End a sentence before white space.</summary>
    private const string Spaced = ".!?…";

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.ToFrozenSet(
        [
            "mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "nr", "vol", "fig", "gen", "col", "lt", "sgt", "capt", "rev", "hon", "sr",
            "jr", "inc", "ltd", "co", "corp", "dept", "approx", "ca", "cf", "al", "pp", "e.g", "i.e", "u.s", "u.k", "a.m", "p.m", "z.b",
            "d.h", "bzw", "usw", "ggf", "vgl", "mme", "mlle", "sra", "ud", "uds", "dra", "ing", "núm", "pág",
            "т.е", "т.к", "т.д", "т.п", "ул", "руб", "тыс", "млн", "млрд", "см", "др",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences of a text; put together with their gaps they are the text again.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<Sentence> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sentences = new List<Sentence>();
        for (var start = 0; start < text.Length;)
        {
            // White space in front is the gap behind a sentence of no words.
            var end = char.IsWhiteSpace(text[start]) ? start : EndOf(text, start);
            var next = end;
            while (next < text.Length && char.IsWhiteSpace(text[next]))
            {
                next++;
            }

            sentences.Add(new Sentence(text[start..end], text[end..next]));
            start = next;
        }

        return sentences;
    }

    /// <summary>Where the sentence that starts there ends, before the white space behind it.</summary>
    private static int EndOf(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r' or '\u2028' or '\u2029')
            {
                return TrimEnd(text, start, i);
            }

            var full = Full.Contains(text[i], StringComparison.Ordinal);
            if (!full && !Spaced.Contains(text[i], StringComparison.Ordinal))
            {
                continue;
            }

            var end = i + 1;
            while (end < text.Length && (IsEnd(text[end]) || IsClosing(text[end], text.AsSpan(start, end - start))))
            {
                full |= Full.Contains(text[end], StringComparison.Ordinal);
                end++;
            }

            if (full || ((end == text.Length || char.IsWhiteSpace(text[end])) && EndsHere(text, start, i, end)))
            {
                return end;
            }

            i = end - 1;
        }

        return TrimEnd(text, start, text.Length);
    }

    /// <summary>Whether a full stop before white space ends the sentence.</summary>
    private static bool EndsHere(string text, int start, int stop, int end)
    {
        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]) && text[next] is not ('\n' or '\r'))
        {
            next++;
        }

        while (next < text.Length && IsOpening(text[next]))
        {
            next++;
        }

        if (next < text.Length && char.IsLower(text[next]))
        {
            return false;
        }

        if (text[stop] != '.' || end - stop > 1)
        {
            return true;
        }

        var word = stop;
        while (word > start && !char.IsWhiteSpace(text[word - 1]) && !IsOpening(text[word - 1]))
        {
            word--;
        }

        var before = text[word..stop];
        var initial = before.Length == 1 && char.IsUpper(before[0]);
        var listNumber = word == start && before.Length is > 0 and <= 3 && before.All(char.IsAsciiDigit);
        return !initial && !listNumber && !Abbreviations.Contains(before);
    }

    private static bool IsEnd(char c) => Full.Contains(c, StringComparison.Ordinal) || Spaced.Contains(c, StringComparison.Ordinal);

    /// <summary>Whether a quotation mark or bracket closes; some close only what their counterpart opened.</summary>
    private static bool IsClosing(char c, ReadOnlySpan<char> before) => c switch
    {
        '"' or '\'' or '”' or '’' => true,
        '“' => before.Contains('„'),
        '«' => before.Contains('»'),
        '»' => before.Contains('«'),
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation,
    };

    private static bool IsOpening(char c) => c is '"' or '\'' or '„' or '¿' or '¡' or '-' or '–' or '—'
        || char.GetUnicodeCategory(c) is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation;

    private static int TrimEnd(string text, int start, int end)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }
}
