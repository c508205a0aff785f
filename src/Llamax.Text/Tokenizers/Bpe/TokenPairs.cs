using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Which tokens are what their text becomes, and which merges come about in no text. The text of two tokens becomes them, or
/// the one that they merge into, if nothing merges across the border before; that is looked for without merging anything.
/// </summary>
/// <remarks>
/// While the text of two tokens is merged, each side goes its own way as long as nothing merges across the border, the lower
/// rank first. So what stands at the border at any time is known from how each token comes about by itself, and going back
/// these two ways, the latest merge first, shows whether a merge across the border was ever the next in turn. That holds for
/// tokens each of whose merges has a higher rank than those of its parts, as a trainer makes them: then the ranks only rise
/// on the way. Only such tokens are known here.
/// </remarks>
internal sealed class TokenPairs
{
    private const int Leaf = -1;
    private const int Unknown = int.MaxValue;

    // Parts of parts of a token. A trained one has about ten at most; a made-up one must not make a look long.
    private const int Deepest = 64;

    private const int FilterBits = 8; // For each merge.
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio (Fibonacci hashing).

    private readonly Split[] splits; // By token.

    // A set of bits by hash: those of all pairs that merge, and a few more. It fits the processor's cache, which the merges
    // do not.
    private readonly ulong[] filter;
    private readonly int filterShift;

    /// <summary>Finds out how tokens come about.</summary>
    /// <param name="merges">The merges, those of lower rank first; each gives the token with the text of both.</param>
    /// <param name="count">How many tokens there are, no two of them with the same text.</param>
    /// <param name="leaves">The tokens that every text begins as.</param>
    public TokenPairs(MergeTable merges, int count, ReadOnlySpan<int> leaves)
    {
        var bits = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(64, FilterBits * (long)Math.Min(merges.All.Length, count)));
        (filter, filterShift) = (new ulong[bits / 64], 64 - BitOperations.Log2(bits));
        Merges = merges;
        Mark();
        splits = new Split[count];
        Array.Fill(splits, new Split(0, 0, Unknown, 0));
        foreach (var leaf in leaves)
        {
            splits[leaf] = new Split(leaf, leaf, Leaf, 0);
        }

        foreach (ref readonly var merge in merges.All)
        {
            // Of several merges that give the same token, its own text comes to only one.
            var depth = 1 + Math.Max(splits[merge.Left].Depth, splits[merge.Right].Depth);
            if (!IsKnown(merge.Result) && splits[merge.Left].Rank < merge.Rank && splits[merge.Right].Rank < merge.Rank && depth <= Deepest
                && merges.Find(merge.Left, merge.Right, out var rank, out var result) && rank == merge.Rank && result == merge.Result
                && NothingMergesWithin(merge.Left, merge.Right))
            {
                splits[merge.Result] = new Split(merge.Left, merge.Right, merge.Rank, depth);
            }
        }

        Merges = WithoutIdle();
        Mark();
    }

    /// <summary>
    /// The merges without the idle ones, which come about in no text: of those that give a known token, all but its own. For
    /// what merges in a text does so, too, in the text of the two by themselves.
    /// </summary>
    public MergeTable Merges { get; private set; }

    /// <summary>Whether it is known how a token comes about from its text.</summary>
    public bool IsKnown(int token) => splits[token].Rank != Unknown;

    private bool NothingMergesWithin(int left, int right)
    {
        while (true)
        {
            ref readonly var first = ref splits[left];
            ref readonly var second = ref splits[right];
            int limit;
            if (first.Rank > second.Rank)
            {
                (left, limit) = (first.Right, first.Rank);
            }
            else if (second.Rank >= 0)
            {
                // Of the same rank the leftmost goes first: one across the border would have gone before this one.
                (right, limit) = (second.Left, second.Rank + 1);
            }
            else
            {
                return true;
            }

            if (Rank(left, right) < limit)
            {
                return false;
            }
        }
    }

    private MergeTable WithoutIdle()
    {
        var count = 0;
        foreach (ref readonly var merge in Merges.All)
        {
            count += IsIdle(merge) ? 0 : 1;
        }

        var kept = new Merge[count];
        count = 0;
        foreach (ref readonly var merge in Merges.All)
        {
            if (!IsIdle(merge))
            {
                kept[count++] = merge;
            }
        }

        return MergeTable.Taking(kept);
    }

    private bool IsIdle(in Merge merge) =>
        IsKnown(merge.Result) && (splits[merge.Result].Left != merge.Left || splits[merge.Result].Right != merge.Right);

    private void Mark()
    {
        Array.Clear(filter);
        foreach (ref readonly var merge in Merges.All)
        {
            var bit = Bit(merge.Left, merge.Right);
            filter[bit >> 6] |= 1UL << (int)bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Rank(int left, int right)
    {
        // The bit comes from a hash shifted to their number.
        var bit = Bit(left, right);
        if ((Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(filter), bit >> 6) >> (int)bit & 1) == 0)
        {
            return int.MaxValue;
        }

        Merges.Find(left, right, out var rank, out _);
        return rank;
    }

    private uint Bit(int left, int right) => (uint)(((ulong)(uint)left << 32 | (uint)right) * Multiplier >> filterShift);

    /// <summary>The last merge of a token, and how deep its parts have parts; four numbers, so that none lies across two lines of the cache.</summary>
    private readonly record struct Split(int Left, int Right, int Rank, int Depth);
}
