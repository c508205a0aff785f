using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Llamax.Text.Characters;
using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Segmentation;

/// <summary>
/// Words of languages that run them together, by maximum matching over the whole text: of all ways to cut it at places where
/// the script lets words begin, the one that leaves the fewest characters to no word of the lexicon; of those, the one with
/// the fewest parts; of those, the one whose first part is a word of the lexicon and the longest, and so on from part to
/// part. Stretches of scripts that use spaces, such as Latin names and numbers, are kept whole. Takes time in proportion to
/// the text. Thread-safe.
/// </summary>
/// <remarks>
/// Fewest words is the criterion of Sornlertlamvanich (1993) for Thai. The best way is found from the text's end to its
/// beginning over the graph of the lexicon's matches.
/// </remarks>
public sealed class MaximumMatchSegmenter : IWordSegmenter
{
    private const long Part = 1;
    private const long UnknownCharacter = 1L << 32;
    private const long Impossible = long.MaxValue / 2;

    private readonly WordTrie trie;
    private readonly WordLengths words;
    private readonly UnknownText unknown;

    /// <summary>Takes in the lexicon.</summary>
    /// <param name="lexicon">
    /// Words, compared as they are, character by character; repeated and empty ones do no harm, and those of more than 512
    /// characters are left out.
    /// </param>
    /// <param name="unknown">What becomes of text that no word covers.</param>
    public MaximumMatchSegmenter(IEnumerable<string> lexicon, UnknownText unknown = UnknownText.Runs)
    {
        trie = WordTrie.Of(lexicon);
        words = new WordLengths(trie);
        this.unknown = unknown;
    }

    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var rented = ArrayPool<Step>.Shared.Rent(text.Length + 1);
        using var clusters = new ClusterMap(text);
        FindSteps(text, clusters, rented.AsSpan(0, text.Length + 1));
        for (var start = 0; start < text.Length;)
        {
            var end = rented[start].End;
            segments.Add((start, end - start, clusters.Kind(start) is ElementKind.Spaced or ElementKind.Unspaced));
            start = end;
        }

        ArrayPool<Step>.Shared.Return(rented);
    }

    /// <summary>Finds the best way from each cluster, from the last to the first.</summary>
    [SkipLocalsInit]
    private void FindSteps(ReadOnlySpan<char> text, ClusterMap clusters, Span<Step> steps)
    {
        Span<ulong> lengths = stackalloc ulong[WordLengths.Places];
        var (next, unknownOfNext) = (text.Length, Impossible);
        steps.Fill(new Step { Best = Impossible }); // Where no word may begin, none ends.
        steps[next].Best = 0;
        for (var block = text.Length / WordLengths.Places * WordLengths.Places; block >= 0; block -= WordLengths.Places)
        {
            words.Find(text[block..], clusters, block, lengths);
            for (var chunk = block + WordLengths.Places - ClusterMap.Chunk; chunk >= block; chunk -= ClusterMap.Chunk)
            {
                for (var starts = clusters.Starts(chunk); starts != 0;)
                {
                    var bit = BitOperations.Log2(starts);
                    var start = chunk + bit;
                    starts ^= 1UL << bit;
                    unknownOfNext = clusters.Kind(start) == ElementKind.Unspaced
                        ? FindUnspaced(text, start, next, lengths[start - block], unknownOfNext, steps)
                        : FindOther(text, start, next, lengths[start - block], clusters, steps);
                    next = start;
                }
            }
        }
    }

    /// <summary>Finds the best way from a letter of a script without spaces.</summary>
    /// <returns>The cost where text that no word covers begins there.</returns>
    private long FindUnspaced(ReadOnlySpan<char> text, int start, int next, ulong lengths, long unknownOfNext, Span<Step> steps)
    {
        var apart = Part + steps[next].Best;
        var goesOn = unknownOfNext < apart && unknown == UnknownText.Runs && ShareScript(text, start, next);
        var cost = (Characters(text[start..next]) * UnknownCharacter) + (goesOn ? unknownOfNext : apart);
        var stretch = goesOn ? steps[next].Stretch : next;
        steps[start] = FindWord(text, start, lengths, new Step { Best = cost, End = stretch, Stretch = stretch }, steps);
        return cost;
    }

    /// <summary>Finds the best way from a letter of a script with spaces, or from what lies between words.</summary>
    /// <returns>The cost where text that no word covers begins there: no such text does.</returns>
    private long FindOther(ReadOnlySpan<char> text, int start, int next, ulong lengths, ClusterMap clusters, Span<Step> steps)
    {
        var stretch = EndOfStretch(clusters.Kind(start), next, clusters, steps);
        steps[start] = FindWord(text, start, lengths, new Step { Best = Part + steps[stretch].Best, End = stretch, Stretch = stretch }, steps);
        if (!clusters.IsBoundary(start))
        {
            steps[start].Best = Impossible;
        }

        return Impossible;
    }

    /// <summary>The best way that begins with a word of the lexicon, of equal ones the longest; the given one if it is better.</summary>
    private Step FindWord(ReadOnlySpan<char> text, int start, ulong lengths, Step best, ReadOnlySpan<Step> steps)
    {
        if (lengths >> WordLengths.Long != 0)
        {
            return FindLongWord(text, start, best, steps);
        }

        for (; lengths != 0; lengths &= lengths - 1)
        {
            var end = start + BitOperations.TrailingZeroCount(lengths) + 1;
            if (Part + steps[end].Best is var cost && cost <= best.Best)
            {
                (best.Best, best.End) = (cost, end);
            }
        }

        return best;
    }

    [SkipLocalsInit]
    private Step FindLongWord(ReadOnlySpan<char> text, int start, Step best, ReadOnlySpan<Step> steps)
    {
        Span<WordMatch> matches = stackalloc WordMatch[trie.Longest];
        foreach (var (length, _) in matches[..trie.FindPrefixes(text[start..], matches)])
        {
            if (Part + steps[start + length].Best is var cost && cost <= best.Best)
            {
                (best.Best, best.End) = (cost, start + length);
            }
        }

        return best;
    }

    /// <summary>The end of what a cluster stands in where no word of the lexicon is taken: a word of a script with spaces, or what lies between words.</summary>
    private static int EndOfStretch(ElementKind kind, int next, ClusterMap clusters, ReadOnlySpan<Step> steps)
    {
        var following = clusters.Kind(next);
        if (kind is ElementKind.Other or ElementKind.Joiner)
        {
            return following is ElementKind.Other or ElementKind.Joiner ? steps[next].Stretch : next;
        }

        var joined = following == ElementKind.Joiner ? clusters.End(next) : next;
        return clusters.Kind(joined) == ElementKind.Spaced ? steps[joined].Stretch : next;
    }

    /// <summary>Whether two clusters are of one script, or of none.</summary>
    private static bool ShareScript(ReadOnlySpan<char> text, int one, int other)
    {
        var (script, second) = (Script(text[one..]), Script(text[other..]));
        return script == second || script == "Common" || second == "Common";
    }

    private static string Script(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var first, out _);
        return UnicodeScripts.Default.Of(first.Value);
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            count -= char.IsLowSurrogate(text[i]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// The best way from a cluster to the text's end. Costs count parts, and 2³² for each character outside of the lexicon.
    /// </summary>
    private struct Step
    {
        /// <summary>The cost; impossible where no word may begin.</summary>
        public long Best;

        /// <summary>Where the first part ends.</summary>
        public int End;

        /// <summary>Where the first part ends that needs no lexicon: text that no word covers, or a stretch that is kept whole.</summary>
        public int Stretch;
    }
}
