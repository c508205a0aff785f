using System.Numerics;
using System.Runtime.CompilerServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>Which neighbouring symbols merge: a hash table by pair, with all of an entry in one place.</summary>
internal sealed class MergeTable
{
    // 2^64 divided by the golden ratio (Fibonacci hashing, Knuth, volume 3, section 6.4).
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private const int LowestCount = 256;
    private const int SmallTable = 1 << 14; // Merges; it fits the cache as it is.

    private readonly Entry[] entries;
    private readonly int shift;

    // The merges of two of the lowest symbols by these, rank above result. In byte-level vocabularies the lowest symbols are
    // the bytes, so this is where each word begins; it fits the processor's cache, where the hash table does not.
    private readonly ulong[] lowest = [];
    private readonly int lowestCount;

    /// <summary>Builds the table.</summary>
    /// <param name="merges">All merges; of several for one pair the last one counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A symbol or a rank is negative, or a rank is <see cref="int.MaxValue"/>.</exception>
    public MergeTable(ReadOnlySpan<Merge> merges)
    {
        var size = Math.Max(16, BitOperations.RoundUpToPowerOf2((ulong)merges.Length * 3 / 2 + 1));
        entries = new Entry[size];
        shift = 64 - BitOperations.Log2(size);
        foreach (var merge in merges)
        {
            if ((merge.Left | merge.Right | merge.Rank | merge.Result) < 0 || merge.Rank == int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(merges), merge, "Symbols and ranks must not be negative, and the largest int is no rank.");
            }

            var key = Key(merge.Left, merge.Right);
            var slot = Slot(key);
            while (entries[slot].Key != 0 && entries[slot].Key != key)
            {
                slot = (slot + 1) & (entries.Length - 1);
            }

            entries[slot] = new Entry { Key = key, Rank = merge.Rank, Result = merge.Result };
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

        var key = Key(left, right);
        for (var slot = Slot(key); ; slot = (slot + 1) & (entries.Length - 1))
        {
            ref readonly var entry = ref entries[slot];
            if (entry.Key == key)
            {
                (rank, result) = (entry.Rank, entry.Result);
                return true;
            }

            if (entry.Key == 0)
            {
                (rank, result) = (int.MaxValue, -1);
                return false;
            }
        }
    }

    // Never 0, which marks an empty slot.
    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) + 1;

    private int Slot(ulong key) => (int)(key * Multiplier >> shift);

    private struct Entry
    {
        public ulong Key;
        public int Rank;
        public int Result;
    }
}
