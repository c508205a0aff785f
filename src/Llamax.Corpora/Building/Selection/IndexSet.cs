using System.Numerics;

namespace Llamax.Corpora.Building.Selection;

/// <summary>A set of numbers from 0 up, one bit each. Reading is thread-safe.</summary>
internal sealed class IndexSet
{
    private readonly ulong[] bits;

    /// <param name="size">All numbers are below this.</param>
    public IndexSet(long size) => bits = new ulong[checked((size + 63) / 64)];

    /// <summary>How many there are.</summary>
    public long Count => bits.Sum(each => (long)BitOperations.PopCount(each));

    public void Add(long index) => bits[index >> 6] |= 1UL << (int)(index & 63);

    public bool Contains(long index) => (bits[index >> 6] >> (int)(index & 63) & 1) != 0;
}
