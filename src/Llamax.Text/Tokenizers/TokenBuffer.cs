using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Tokenizers;

/// <summary>Token ids in an array that grows and is used again from text to text.</summary>
public sealed class TokenBuffer
{
    private const int Smallest = 64;

    // Larger arrays come from the pool: the system takes long to hand out fresh memory.
    private const int LargestOwned = 1 << 18;

    private int[] ids = new int[Smallest];

    /// <summary>Number of ids.</summary>
    public int Count { get; private set; }

    /// <summary>The ids; valid until the next change.</summary>
    public ReadOnlySpan<int> Written => ids.AsSpan(0, Count);

    /// <summary>The ids from place <paramref name="start"/> on, to be changed where they lie; valid until the next change.</summary>
    internal Span<int> Tail(int start) => ids.AsSpan(start, Count - start);

    /// <summary>Appends an id.</summary>
    /// <param name="id">The id.</param>
    public void Add(int id)
    {
        if (Count == ids.Length)
        {
            Enlarge(1);
        }

        ids[Count++] = id;
    }

    /// <summary>Appends ids.</summary>
    /// <param name="more">The ids.</param>
    public void AddRange(ReadOnlySpan<int> more)
    {
        if (more.Length > ids.Length - Count)
        {
            Enlarge(more.Length);
        }

        more.CopyTo(ids.AsSpan(Count));
        Count += more.Length;
    }

    /// <summary>Appends the first <paramref name="count"/> of four ids.</summary>
    internal void AddFirst(Vector128<int> four, int count)
    {
        if (Vector128<int>.Count > ids.Length - Count)
        {
            Enlarge(Vector128<int>.Count);
        }

        four.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(ids), (nuint)Count);
        Count += count;
    }

    /// <summary>Takes away all ids from place <paramref name="count"/> on.</summary>
    /// <param name="count">How many stay; at most <see cref="Count"/>.</param>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    /// <summary>Appends that many ids, to be filled before the next change.</summary>
    internal Span<int> Grow(int count)
    {
        if (count > ids.Length - Count)
        {
            Enlarge(count);
        }

        Count += count;
        return ids.AsSpan(Count - count, count);
    }

    /// <summary>The ids from place <paramref name="start"/> on, to be changed; valid until the next change of their number.</summary>
    /// <param name="start">At most <see cref="Count"/>.</param>
    internal Span<int> From(int start) => ids.AsSpan(start, Count - start);

    /// <summary>Gives large memory back to the pool that it came from; the buffer is then as new.</summary>
    internal void Release()
    {
        Replace(new int[Smallest]);
        Count = 0;
    }

    private void Enlarge(int more)
    {
        var size = Math.Max(checked(Count + more), (int)Math.Min(2L * ids.Length, Array.MaxLength));
        var larger = size > LargestOwned ? ArrayPool<int>.Shared.Rent(size) : new int[size];
        Written.CopyTo(larger);
        Replace(larger);
    }

    private void Replace(int[] other)
    {
        if (ids.Length > LargestOwned)
        {
            ArrayPool<int>.Shared.Return(ids);
        }

        ids = other;
    }
}
