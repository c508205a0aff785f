using Llamax.Metrics.Tokenization;

namespace Llamax.Metrics;

/// <summary>The words of chrF++: one ASCII punctuation mark is cut from the end of a word, or else from its start.</summary>
internal static class ChrfWords
{
    public static List<string> Split(string segment)
    {
        var words = new List<string>();
        foreach (var word in Whitespace.Split(segment))
        {
            // A single character beyond U+FFFF is two chars, neither of them ASCII: it stays whole below.
            if (word.Length > 1 && IsPunctuation(word[^1]))
            {
                words.AddRange([word[..^1], word[^1..]]);
            }
            else if (word.Length > 1 && IsPunctuation(word[0]))
            {
                words.AddRange([word[..1], word[1..]]);
            }
            else
            {
                words.Add(word);
            }
        }

        return words;
    }

    private static bool IsPunctuation(char c) => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c));
}
