using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// The merges of a vocabulary over bytes whose ids rise with the ranks of their merges, as trainers number them: then the
/// result of a merge says its rank, too. Numbers here are ids plus 1. Eight merges fill a line of the processor's cache.
/// </summary>
internal sealed class RankedMerges
{
    /// <summary>What two tokens give that do not merge; larger than every number.</summary>
    public const int None = (1 << NumberBits) - 1;

    /// <summary>The bits of a number; those of a key are twice as many.</summary>
    public const int NumberBits = 21;

    /// <summary>The key of no pair.</summary>
    public const ulong NoKey = ulong.MaxValue;

    /// <summary>The bits below a key that are left for a number.</summary>
    public const int ResultBits = 64 - 2 * NumberBits;

    private const int Bytes = 256;
    private const int Bucket = 8;
    private const ulong Continued = 1UL << NumberBits; // In the last slot of a full bucket: others of its pairs stand in the next one.
    private const int FilterBits = 8; // For each merge.
    private const int LongestSearch = 64; // Full buckets from a pair's own on; a few where the pairs were not chosen to collide.
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio (Fibonacci hashing).

    private readonly int[] numbers = new int[Bytes]; // Of the bytes.
    private readonly BytePair[] pairs = new BytePair[Bytes * Bytes];

    // By bucket, from its start on: the keys of pairs and below them what they give. No number is 0, so that 0 is an empty slot.
    private readonly ulong[] slots;
    private readonly int start; // Of the first whole line.
    private readonly int shift;
    private readonly int bucketMask;
    private readonly ulong[] filter; // A bit for each hash of a pair that merges.
    private readonly int filterShift;

    private RankedMerges(int merges)
    {
        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, merges * 3L / 2 / Bucket));
        (shift, bucketMask) = (64 - BitOperations.Log2((uint)buckets), buckets - 1);

        // Such an array stays where it is, so that lines once aligned stay so.
        slots = GC.AllocateArray<ulong>((buckets + 1) * Bucket, pinned: true);
        start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(slots, 0) & (Bucket * sizeof(ulong) - 1)) / sizeof(ulong);
        var bits = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(64, FilterBits * (long)merges));
        (filter, filterShift) = (new ulong[bits / 64], 64 - BitOperations.Log2(bits));
    }

    /// <summary>Builds the table; null where ids do not rise with the ranks.</summary>
    /// <param name="merges">The merges, those of lower rank first.</param>
    /// <param name="byteIds">The ids of all bytes, each another one.</param>
    /// <param name="count">How many ids there are.</param>
    public static RankedMerges? TryCreate(MergeTable merges, ReadOnlySpan<int> byteIds, int count)
    {
        if (count >= None)
        {
            return null;
        }

        var table = new RankedMerges(merges.All.Length);
        var (bytes, first) = (new Dictionary<int, int>(), new int[Bytes * Bytes]); // First: what two bytes give.
        Array.Fill(first, None);
        for (var value = 0; value < Bytes; value++)
        {
            table.numbers[value] = byteIds[value] + 1;
            bytes.Add(byteIds[value], value);
        }

        var (rank, result) = (-1, -1);
        foreach (ref readonly var merge in merges.All)
        {
            if (merge.Rank < rank || merge.Result < result || merge.Rank == rank != (merge.Result == result)
                || bytes.ContainsKey(merge.Result) || !table.TryInsert(Key(merge.Left + 1, merge.Right + 1), merge.Result + 1))
            {
                return null;
            }

            if (bytes.TryGetValue(merge.Left, out var left) && bytes.TryGetValue(merge.Right, out var right))
            {
                first[left * Bytes + right] = merge.Result + 1;
            }

            (rank, result) = (merge.Rank, merge.Result);
        }

        var neighbours = MergeNeighbours.TryCreate(merges, byteIds, count);
        for (var i = 0; i < first.Length; i++)
        {
            var (left, right, given) = ((byte)(i / Bytes), (byte)i, first[i]);
            table.pairs[i] = neighbours is null
                ? new BytePair(given, isHurried: true, None, None)
                : new BytePair(given, given != None && neighbours.Hurries(given), neighbours.Ahead(left, right), neighbours.Behind(left, right));
        }

        table.Starts = neighbours is null ? null : new CharacterStarts(table, neighbours);
        return table;
    }

    /// <summary>What characters begin with; null where that is never certain.</summary>
    public CharacterStarts? Starts { get; private set; }

    /// <summary>The number of a byte's token.</summary>
    public int Number(byte value) => numbers[value];

    /// <summary>What two bytes give, and what else they may merge with.</summary>
    public BytePair Pair(byte left, byte right) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(pairs), left << 8 | right);

    /// <summary>What a pair of numbers is looked up by.</summary>
    public static ulong Key(int left, int right) => (ulong)(uint)left << NumberBits | (uint)right;

    /// <summary>A hash of a key, whose upper bits are the best.</summary>
    public static ulong Hash(ulong key) => key * Multiplier;

    /// <summary>What to look a pair up by later: has what is known of it brought into the processor's cache, without waiting for it.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A number.</param>
    /// <param name="isThere">Not 0 where there is such a pair.</param>
    /// <returns>The pair's key, or <see cref="NoKey"/> where it is certain that the two do not merge.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe ulong Begin(int left, int right, uint isThere)
    {
        // Whether a pair merges cannot be foreseen: no branch hangs on it.
        var key = Key(left, right);
        var bit = Hash(key) >> filterShift;
        var mayMerge = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(filter), (nint)(bit >> 6)) >> (int)bit & 1;
        key |= (mayMerge - 1) | (ulong)((long)isThere - 1 >> 63);
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Slot((int)(Hash(key) >> shift) * Bucket))); // The memory is pinned.
        }

        return key;
    }

    /// <summary>What a pair gives, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong key)
    {
        ref var bucketStart = ref Slot((int)(Hash(key) >> shift) * Bucket);
        var found = Search(ref bucketStart, key);
        var slot = Unsafe.Add(ref bucketStart, BitOperations.TrailingZeroCount(found | 1u << (Bucket - 1)));
        var missing = ((long)found - 1) >> 63; // All bits where it is not there.
        var isBehind = (ulong)missing & slot & ~(key >> 2 * NumberBits) & Continued; // Not for the key of no pair.
        return isBehind == 0 ? ((int)slot | (int)missing) & None : FindBehind(key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindBehind(ulong key)
    {
        var bucket = (int)(Hash(key) >> shift);
        do
        {
            bucket = (bucket + 1) & bucketMask;
            ref var bucketStart = ref Slot(bucket * Bucket);
            if (Search(ref bucketStart, key) is not 0 and var found)
            {
                return (int)Unsafe.Add(ref bucketStart, BitOperations.TrailingZeroCount(found)) & None;
            }
        }
        while ((Slot(bucket * Bucket + Bucket - 1) & Continued) != 0);
        return None;
    }

    /// <summary>A bit for the slot of a bucket that has the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Search(ref ulong bucketStart, ulong key) =>
        (uint)Vector512.Equals(Vector512.LoadUnsafe(ref bucketStart) >>> ResultBits, Vector512.Create(key)).ExtractMostSignificantBits();

    private bool TryInsert(ulong key, int result)
    {
        var hash = Hash(key);
        filter[hash >> filterShift >> 6] |= 1UL << (int)(hash >> filterShift);
        for (var (bucket, searched) = ((int)(hash >> shift), 0); searched < LongestSearch; bucket = (bucket + 1) & bucketMask, searched++)
        {
            for (var place = bucket * Bucket; place < (bucket + 1) * Bucket; place++)
            {
                if (Slot(place) == 0 || Slot(place) >> ResultBits == key)
                {
                    Slot(place) = Slot(place) & Continued | key << ResultBits | (uint)result; // Of several merges of one pair the last one counts.
                    return true;
                }
            }

            Slot(bucket * Bucket + Bucket - 1) |= Continued;
        }

        return false;
    }

    // A bucket, like a bit of the filter, comes from a hash shifted to their number.
    private ref ulong Slot(int place) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), start + place);
}
