using System.Text;
using Llamax.Text.Languages;
using Llamax.Text.Sentences;

namespace Llamax.Translation.Translating;

/// <summary>Cuts texts into parts that a model can take, and puts what became of them together.</summary>
/// <param name="tokens">Number of a text's tokens.</param>
/// <param name="fits">Whether a text fits into the model with its prompt and its translation.</param>
/// <param name="sentenceTokens">Texts of more tokens are cut into sentences.</param>
internal sealed class TextCutter(Func<string, int> tokens, Func<string, bool> fits, int sentenceTokens)
{
    /// <summary>Characters below which a part that does not fit cannot be mended by cutting.</summary>
    private const int ShortestPart = 8;

    /// <summary>The parts of a text; null where one cannot be made to fit.</summary>
    public IReadOnlyList<TextPart>? Cut(string text)
    {
        if (!text.AsSpan().ContainsAny('\n', '\r') && tokens(text) <= sentenceTokens && fits(text))
        {
            return [new TextPart(text, "", false)];
        }

        var parts = new List<TextPart>();
        foreach (var line in Lines(text))
        {
            var sentences = tokens(line.Text) <= sentenceTokens ? [line] : SentenceSplitter.Split(line.Text);
            for (var i = 0; i < sentences.Count; i++)
            {
                var sentence = i == sentences.Count - 1 && !ReferenceEquals(sentences[i], line)
                    ? sentences[i] with { Gap = sentences[i].Gap + line.Gap }
                    : sentences[i];
                if (!AddFitting(sentence.Text, sentence.Gap, false, parts))
                {
                    return null;
                }
            }
        }

        return parts;
    }

    /// <summary>What stands between two parts of a translation, or behind the last.</summary>
    /// <param name="part">The source's part.</param>
    /// <param name="last">Whether it is the last.</param>
    /// <param name="to">The language of the translation.</param>
    public static string GapBehind(TextPart part, bool last, Language to) =>
        last || part.Text.Length == 0 || part.Gap.AsSpan().ContainsAny('\n', '\r') ? part.Gap
        : to.Words is "chinese" or "japanese" ? ""
        : part.Gap.Length > 0 ? part.Gap : " ";

    /// <summary>Whether there is anything to translate.</summary>
    public static bool HasLetter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The lines of a text; each line end belongs to the gap.</summary>
    private static IEnumerable<Sentence> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\n', '\r');
            end = end < 0 ? text.Length : start + end;
            var next = end;
            while (next < text.Length && char.IsWhiteSpace(text[next]))
            {
                next++;
            }

            yield return new Sentence(text[start..end], text[end..next]);
            start = next;
        }
    }

    /// <summary>Adds a sentence, in halves where it does not fit.</summary>
    private bool AddFitting(string text, string gap, bool cut, List<TextPart> parts)
    {
        if (text.Length == 0 || !HasLetter(text) || fits(text))
        {
            parts.Add(new TextPart(text, gap, cut));
            return true;
        }

        if (text.Length < ShortestPart)
        {
            return false;
        }

        var (end, next) = Middle(text);
        return AddFitting(text[..end], text[end..next], true, parts) && AddFitting(text[next..], gap, true, parts);
    }

    /// <summary>Where to cut in two: at the white space, else behind the punctuation, nearest to the middle; else in the middle.</summary>
    private static (int End, int Next) Middle(string text)
    {
        var middle = text.Length / 2;
        for (var distance = 0; distance < text.Length / 4; distance++)
        {
            foreach (var place in new[] { middle - distance, middle + distance })
            {
                if (char.IsWhiteSpace(text[place]))
                {
                    return (place, place + 1);
                }
            }
        }

        for (var distance = 0; distance < text.Length / 4; distance++)
        {
            foreach (var place in new[] { middle - distance, middle + distance })
            {
                if (char.IsPunctuation(text[place]))
                {
                    return (place + 1, place + 1);
                }
            }
        }

        middle += char.IsLowSurrogate(text[middle]) ? 1 : 0;
        return (middle, middle);
    }
}
