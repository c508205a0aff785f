using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Segmentation;

/// <summary>
/// Words of languages that run them together, by forward matching: at each place the longest word of the lexicon that
/// stands there and ends where a word may end. Where none does, one cluster of characters is a word (marks, vowels and
/// subjoined consonants stay with their base); stretches of scripts that use spaces, such as Latin names and numbers, are
/// kept whole. <see cref="MaximumMatchSegmenter"/> looks at the whole sentence instead and errs less.
/// </summary>
public sealed class LongestMatchSegmenter : IWordSegmenter
{
    private readonly WordTrie trie;

    /// <summary>Takes in the lexicon.</summary>
    /// <param name="lexicon">
    /// Words, compared as they are, character by character; repeated and empty ones do no harm, and those of more than 512
    /// characters are left out.
    /// </param>
    public LongestMatchSegmenter(IEnumerable<string> lexicon) => trie = WordTrie.Of(lexicon);

    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        using var clusters = new ClusterMap(text);
        Span<WordMatch> matches = stackalloc WordMatch[trie.Longest];
        for (var start = 0; start < text.Length;)
        {
            var kind = clusters.Kind(start);
            var isWord = kind is ElementKind.Spaced or ElementKind.Unspaced;
            var end = isWord ? LongestWord(text, start, clusters, matches) : TextElement.EndOfRest(text, start);
            if (end == 0)
            {
                end = kind == ElementKind.Spaced ? TextElement.EndOfWord(text, start, stopAtUnspaced: true) : clusters.End(start);
            }

            segments.Add((start, end - start, isWord));
            start = end;
        }
    }

    /// <summary>The end of the longest word that begins at <paramref name="start"/>; 0 where none does.</summary>
    private int LongestWord(ReadOnlySpan<char> text, int start, ClusterMap clusters, Span<WordMatch> matches)
    {
        for (var i = trie.FindPrefixes(text[start..], matches) - 1; i >= 0; i--)
        {
            if (clusters.IsBoundary(start + matches[i].Length))
            {
                return start + matches[i].Length;
            }
        }

        return 0;
    }
}
