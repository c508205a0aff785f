using System.Buffers;
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
    private readonly UnknownText unknown;

    /// <summary>Takes in the lexicon.</summary>
    /// <param name="lexicon">
    /// Words, compared as they are, character by character; repeated and empty ones do no harm, and those of more than 512
    /// characters are left out.
    /// </param>
    /// <param name="unknown">What becomes of text that no word covers.</param>
    public MaximumMatchSegmenter(IEnumerable<string> lexicon, UnknownText unknown = UnknownText.Runs) =>
        (trie, this.unknown) = (WordTrie.Of(lexicon), unknown);

    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var steps = ArrayPool<Step>.Shared.Rent(text.Length + 1);
        using var clusters = new ClusterMap(text);
        FindSteps(text, clusters, steps);
        for (var start = 0; start < text.Length;)
        {
            var step = steps[start];
            var end = step.IsKnown ? step.End : EndOfUnknown(steps, clusters, start);
            segments.Add((start, end - start, clusters.Kind(start) is ElementKind.Spaced or ElementKind.Unspaced));
            start = end;
        }

        ArrayPool<Step>.Shared.Return(steps);
    }

    private static int EndOfUnknown(Step[] steps, ClusterMap clusters, int start)
    {
        var end = start;
        do
        {
            (start, end) = (end, clusters.End(end));
        }
        while (steps[start].GoesOn);
        return end;
    }

    private void FindSteps(ReadOnlySpan<char> text, ClusterMap clusters, Step[] steps)
    {
        Span<WordMatch> matches = stackalloc WordMatch[trie.Longest];
        steps[text.Length] = new Step { Known = 0, Unknown = Impossible };
        var script = "";
        for (var (start, next) = (text.Length - 1, text.Length); start >= 0; start--)
        {
            if (!clusters.IsStart(start))
            {
                continue;
            }

            var kind = clusters.Kind(start);
            ref var step = ref steps[start];
            step = new Step { End = EndOfStretch(kind, next, clusters, steps), Known = Impossible, Unknown = Impossible };
            step.Stretch = step.End;
            if (kind != ElementKind.Unspaced)
            {
                step.Known = Part + steps[step.End].Best;
            }

            if (kind is ElementKind.Spaced or ElementKind.Unspaced && clusters.IsBoundary(start))
            {
                foreach (var (length, _) in matches[..trie.FindPrefixes(text[start..], matches)])
                {
                    if (clusters.IsBoundary(start + length) && Part + steps[start + length].Best is var cost && cost <= step.Known)
                    {
                        (step.Known, step.End) = (cost, start + length);
                    }
                }
            }

            if (kind == ElementKind.Unspaced)
            {
                var (characters, before) = (Characters(text[start..next]), script);
                Rune.DecodeFromUtf16(text[start..], out var first, out _);
                script = UnicodeScripts.Default.Of(first.Value);
                var joins = unknown == UnknownText.Runs && steps[next].Unknown < Impossible && (script == before || script == "Common" || before == "Common");
                var apart = Part + steps[next].Best;
                step.GoesOn = joins && steps[next].Unknown < apart;
                step.Unknown = (characters * UnknownCharacter) + (step.GoesOn ? steps[next].Unknown : apart);
            }

            next = start;
        }
    }

    /// <summary>The end of what a cluster stands in where no word of the lexicon is taken: a word of a script with spaces, or what lies between words.</summary>
    private static int EndOfStretch(ElementKind kind, int next, ClusterMap clusters, Step[] steps)
    {
        var following = clusters.Kind(next);
        if (kind is ElementKind.Other or ElementKind.Joiner)
        {
            return following is ElementKind.Other or ElementKind.Joiner ? steps[next].Stretch : next;
        }

        if (kind == ElementKind.Spaced)
        {
            var joined = following == ElementKind.Joiner ? clusters.End(next) : next;
            return clusters.Kind(joined) == ElementKind.Spaced ? steps[joined].Stretch : next;
        }

        return next;
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsLowSurrogate(character) ? 0 : 1;
        }

        return count;
    }

    /// <summary>
    /// The best way from a cluster to the text's end. Costs count parts, and 2³² for each character outside of the lexicon.
    /// </summary>
    private struct Step
    {
        /// <summary>The cost where a known part begins here.</summary>
        public long Known;

        /// <summary>The cost where text that no word covers begins here.</summary>
        public long Unknown;

        /// <summary>Where the known part ends.</summary>
        public int End;

        /// <summary>Where the stretch ends that needs no lexicon.</summary>
        public int Stretch;

        /// <summary>Whether the unknown part reaches beyond this cluster.</summary>
        public bool GoesOn;

        public readonly long Best => Math.Min(Known, Unknown);

        public readonly bool IsKnown => Known <= Unknown;
    }
}
