using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Which neighbouring symbols merge. A slot of its hash table is the place of a merge and a few bits of the hash: four
/// bytes tell most pairs that do not merge. The merges lie in the order given, by rank as a rule: what comes often lies
/// together.
/// </summary>
internal sealed class MergeTable
{
    // 2^64 divided by the golden ratio (Fibonacci hashing, Knuth, volume 3, section 6.4).
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    // Steps from a merge's first slot to its own; a few hundred where a table is large and full.
    private const int LongestSearch = 1024;

    private const int LowestCount = 256;
    private const int SmallTable = 1 << 14; // Merges; it fits the cache as it is.

    private readonly Merge[] merges;
    private readonly uint[] slots; // The place + 1 in the lower bits, which are never 0 in a slot that is taken.
    private readonly uint placeMask;
    private readonly int shift;
    private readonly ulong multiplier = Multiplier;

    // The merges of two of the lowest symbols by these, rank above result. In byte-level vocabularies the lowest symbols are
    // the bytes, with which each word begins.
    private readonly ulong[] lowest = [];
    private readonly int lowestCount;

    /// <summary>Builds the table.</summary>
    /// <param name="merges">All merges; of several for one pair the last one counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A symbol or a rank is negative, or a rank is <see cref="int.MaxValue"/>.</exception>
    public MergeTable(ReadOnlySpan<Merge> merges)
        : this(merges.ToArray())
    {
    }

    private MergeTable(Merge[] merges)
    {
        this.merges = merges;
        placeMask = BitOperations.RoundUpToPowerOf2((uint)merges.Length + 2) - 1;
        var size = Math.Max(16, BitOperations.RoundUpToPowerOf2((ulong)merges.Length * 3 / 2));
        slots = new uint[size];
        shift = 64 - BitOperations.Log2(size);
        for (var i = 0; i < merges.Length; i++)
        {
            ref readonly var merge = ref merges[i];
            if ((merge.Left | merge.Right | merge.Rank | merge.Result) < 0 || merge.Rank == int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(merges), merge, "Symbols and ranks must not be negative, and the largest int is no rank.");
            }
        }

        for (var tries = 0; !TryInsertAll(); tries++)
        {
            multiplier = ProcessKey.Get(tries) | 1; // The pairs were chosen to collide.
            Array.Clear(slots);
        }

        if (merges.Length > SmallTable)
        {
            var all = new ulong[LowestCount * LowestCount];
            for (var pair = 0; pair < all.Length; pair++)
            {
                Find(pair / LowestCount, pair % LowestCount, out var rank, out var result);
                all[pair] = (ulong)(uint)rank << 32 | (uint)result;
            }

            (lowest, lowestCount) = (all, LowestCount);
        }
    }

    /// <summary>Builds the table of merges that nobody else changes, without a copy of them.</summary>
    /// <inheritdoc cref="MergeTable(ReadOnlySpan{Merge})"/>
    public static MergeTable Taking(Merge[] merges) => new(merges);

    /// <summary>The merges as they were given.</summary>
    public ReadOnlySpan<Merge> All => merges;

    /// <summary>Finds the merge of two neighbours.</summary>
    /// <param name="left">The symbol on the left, not negative.</param>
    /// <param name="right">The symbol on the right, not negative.</param>
    /// <param name="rank">Its rank; <see cref="int.MaxValue"/> where there is none.</param>
    /// <param name="result">The symbol that stands for both.</param>
    /// <returns>Whether the two merge.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Find(int left, int right, out int rank, out int result)
    {
        if ((left | right) < lowestCount)
        {
            var merge = lowest[left * LowestCount + right];
            (rank, result) = ((int)(merge >> 32), (int)merge);
            return rank != int.MaxValue;
        }

        // The places are within their arrays: a slot comes from a hash shifted to their number, a merge from a slot.
        ref var first = ref MemoryMarshal.GetArrayDataReference(slots);
        var hash = Hash(left, right);
        for (var at = (uint)(hash >> shift); ; at = (at + 1) & (uint)(slots.Length - 1))
        {
            var slot = Unsafe.Add(ref first, at);
            if (slot == 0)
            {
                (rank, result) = (int.MaxValue, -1);
                return false;
            }

            if (((slot ^ (uint)hash) & ~placeMask) == 0)
            {
                ref readonly var candidate = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(merges), (slot & placeMask) - 1);
                if (candidate.Left == left && candidate.Right == right)
                {
                    (rank, result) = (candidate.Rank, candidate.Result);
                    return true;
                }
            }
        }
    }

    // The upper bits choose the slot; the middle ones, which stay in the lower half, are what a slot keeps.
    private ulong Hash(int left, int right)
    {
        var product = ((ulong)(uint)left << 32 | (uint)right) * multiplier;
        return product ^ product >> 32;
    }

    /// <summary>Fills the slots; gives up where a merge would be too far from where it is looked for.</summary>
    private bool TryInsertAll()
    {
        for (var place = 0; place < merges.Length; place++)
        {
            var (left, right) = (merges[place].Left, merges[place].Right);
            var hash = Hash(left, right);
            var at = (int)(hash >> shift);
            for (var steps = 0; slots[at] != 0; at = (at + 1) & (slots.Length - 1), steps++)
            {
                ref readonly var other = ref merges[(int)(slots[at] & placeMask) - 1];
                if ((other.Left, other.Right) == (left, right))
                {
                    break;
                }

                if (steps == LongestSearch)
                {
                    return false;
                }
            }

            slots[at] = ((uint)hash & ~placeMask) | (uint)(place + 1);
        }

        return true;
    }
}
