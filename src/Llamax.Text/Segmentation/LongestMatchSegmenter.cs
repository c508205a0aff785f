namespace Llamax.Text.Segmentation;

/// <summary>
/// Words of languages that run them together, by maximum matching: at each place the longest word of the lexicon that
/// stands there. Where none does, one character is a word (a whole grapheme cluster, so that vowel signs and tone marks
/// stay with their base); stretches of scripts that use spaces, such as Latin names and numbers, are kept whole.
/// </summary>
public sealed class LongestMatchSegmenter : IWordSegmenter
{
    private readonly Dictionary<(int Node, char Next), int> children = [];
    private readonly HashSet<int> words = [];

    /// <summary>Takes in the lexicon.</summary>
    /// <param name="lexicon">Words, compared as they are, character by character; repeated and empty ones do no harm.</param>
    public LongestMatchSegmenter(IEnumerable<string> lexicon)
    {
        foreach (var word in lexicon)
        {
            var node = 0;
            foreach (var character in word)
            {
                var fresh = children.Count + 1;
                node = children.TryAdd((node, character), fresh) ? fresh : children[(node, character)];
            }

            words.Add(node);
        }

        words.Remove(0);
    }

    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = TextElement.End(text, start, out var kind);
            var isWord = kind is ElementKind.Spaced or ElementKind.Unspaced;
            if (!isWord)
            {
                end = TextElement.EndOfRest(text, start);
            }
            else if (LongestWord(text, start) is > 0 and var match)
            {
                end = match;
            }
            else if (kind == ElementKind.Spaced)
            {
                end = TextElement.EndOfWord(text, start, stopAtUnspaced: true);
            }

            segments.Add((start, end - start, isWord));
            start = end;
        }
    }

    /// <summary>The end of the longest word that begins at <paramref name="start"/>; 0 where none does.</summary>
    private int LongestWord(ReadOnlySpan<char> text, int start)
    {
        var (node, longest) = (0, 0);
        for (var end = start; end < text.Length;)
        {
            var next = TextElement.End(text, end, out var kind);
            foreach (var character in text[end..next])
            {
                if (!children.TryGetValue((node, character), out node))
                {
                    return longest;
                }
            }

            end = next;
            if (words.Contains(node) && !(kind == ElementKind.Spaced && GoesOn(text, end)))
            {
                longest = end;
            }
        }

        return longest;
    }

    /// <summary>Whether a letter follows that a word of a script with spaces must not be parted from.</summary>
    private static bool GoesOn(ReadOnlySpan<char> text, int end)
    {
        if (end == text.Length)
        {
            return false;
        }

        TextElement.End(text, end, out var kind);
        return kind == ElementKind.Spaced;
    }
}
