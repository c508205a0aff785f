using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>
/// A set of hashes, each with the number of its owner. Before the table stands a filter of sixteen bits a hash, small
/// enough for the processor's cache, which turns most of the others away. Immutable.
/// </summary>
internal sealed class SpanTable
{
    private readonly ulong[] filter;
    private readonly ulong[] slots; // 0 is free.
    private readonly ushort[] owners;
    private readonly int shift;

    /// <param name="hashes">Different hashes, in ascending order.</param>
    /// <param name="owners">Their owners.</param>
    public SpanTable(ReadOnlySpan<ulong> hashes, ReadOnlySpan<ushort> owners)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, checked(hashes.Length / 2 * 3)));
        (slots, this.owners) = (new ulong[size], new ushort[size]);
        filter = new ulong[size / 4];
        shift = 64 - BitOperations.Log2((uint)size);
        Count = hashes.Length;
        for (var i = 0; i < hashes.Length; i++)
        {
            var hash = Stored(hashes[i]);
            var slot = (int)(hash >> shift);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            (slots[slot], this.owners[slot]) = (hash, owners[i]);
            filter[(int)(hash >> shift) >> 2] |= FilterBit(hash);
        }
    }

    /// <summary>How many hashes there are.</summary>
    public int Count { get; }

    /// <summary>A hash's owner; -1 where it is not in the set.</summary>
    public int Find(ulong hash)
    {
        hash = Stored(hash);
        if ((filter[(int)(hash >> shift) >> 2] & FilterBit(hash)) == 0)
        {
            return -1;
        }

        for (var slot = (int)(hash >> shift); slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if (slots[slot] == hash)
            {
                return owners[slot];
            }
        }

        return -1;
    }

    /// <summary>Hashes the contents.</summary>
    public void AppendTo(XxHash128 hash)
    {
        hash.Append(MemoryMarshal.AsBytes(slots.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes(owners.AsSpan()));
    }

    private static ulong Stored(ulong hash) => hash == 0 ? 1 : hash;

    private static ulong FilterBit(ulong hash) => 1UL << (int)(hash & 63);
}
