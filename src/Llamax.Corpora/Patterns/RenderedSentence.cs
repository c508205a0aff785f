using Llamax.Text.Languages;

namespace Llamax.Corpora.Patterns;

/// <summary>A sentence of one language with the words that carry its fillers' meanings, in lower case.</summary>
internal sealed record RenderedSentence(string Text, IReadOnlyList<(Filler Filler, string Word)> Words)
{
    public static RenderedSentence Create(
        Language language, string text, List<(Filler Filler, int Start, int Length)> marks)
    {
        var words = new List<(Filler, string)>();
        foreach (var (filler, start, length) in marks)
        {
            var (first, end) = (start, start + length);
            if (language.Words == "spaces")
            {
                // What is glued on belongs to the word as it is written: Tamil doubles a consonant before some verbs.
                while (first > 0 && IsLetter(text[first - 1]))
                {
                    first--;
                }

                while (end < text.Length && IsLetter(text[end]))
                {
                    end++;
                }
            }

            words.Add((filler, text[first..end].ToLowerInvariant()));
        }

        return new RenderedSentence(Capitalize(text), words);
    }

    private static string Capitalize(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsLetter(text[i]))
            {
                return text[..i] + char.ToUpperInvariant(text[i]) + text[(i + 1)..];
            }
        }

        return text;
    }

    private static bool IsLetter(char c) => char.GetUnicodeCategory(c) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
        || char.IsLetter(c);
}
