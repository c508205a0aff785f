using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Remembers the ids of short words: two words and their ids fill a line of the processor's cache, and a word stands in the
/// one line that its hash names. Starts small and grows to a bound; then a new word takes the place of an older one. Not
/// thread-safe: it belongs to a workspace.
/// </summary>
internal sealed class ShortWordCache
{
    private const int Line = 64;
    private const int SmallestMemory = 1 << 14;

    private static readonly byte[] Masks = [.. Enumerable.Repeat((byte)0xFF, 16), .. new byte[16]];

    private readonly int maxMemory;
    private byte[] memory = [];
    private int start;
    private int shift;
    private int added;

    /// <summary>Prepares an empty cache.</summary>
    /// <param name="maxBytes">How much memory it may take; at least 16 KiB.</param>
    public ShortWordCache(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, SmallestMemory);
        maxMemory = 1 << BitOperations.Log2((uint)maxBytes);
        Take(SmallestMemory);
    }

    /// <summary>The longest word in bytes.</summary>
    public static int LongestWord => 15;

    /// <summary>The largest number of ids that are remembered; of a word with more only that there are more.</summary>
    public static int MostIds => Vector128<int>.Count;

    /// <summary>A word as the cache knows it: its bytes, then zeros, and last its length.</summary>
    /// <param name="text">What the word stands in.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="length">From 1 to <see cref="LongestWord"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Key(ReadOnlySpan<byte> text, int from, int length)
    {
        if (from > text.Length - Vector128<byte>.Count)
        {
            return KeyAtEnd(text.Slice(from, length));
        }

        var mask = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Masks), (nuint)(Vector128<byte>.Count - length));
        return (Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)from) & mask).WithElement(LongestWord, (byte)length);
    }

    /// <summary>Which line a word belongs to, until the next <see cref="Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Place(Vector128<byte> key)
    {
        var halves = key.AsUInt64();
        var hash = (halves.ToScalar() ^ halves.GetElement(1) * 0xD6E8FEB86659FD93) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
        return (int)(hash * 0x9E3779B97F4A7C15 >> shift);
    }

    /// <summary>Has a line brought into the processor's cache, without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Fetch(int place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref At(place, 0))); // The memory is pinned.
        }
    }

    /// <summary>Looks a word up.</summary>
    /// <param name="key">The word.</param>
    /// <param name="place">Its line.</param>
    /// <param name="ids">Its ids, and -1 for those that there are not; all of them are -1 for a word with too many.</param>
    /// <returns>Whether it is there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(Vector128<byte> key, int place, out Vector128<int> ids)
    {
        // Which of the two it is cannot be foreseen: no branch hangs on it.
        ref var entry = ref At(place, At(place, 0).Key == key ? 0 : 1);
        ids = entry.Ids;
        return entry.Key == key;
    }

    /// <summary>Remembers a word that is not there.</summary>
    /// <param name="key">The word.</param>
    /// <param name="ids">Its ids.</param>
    public void Add(Vector128<byte> key, ReadOnlySpan<int> ids)
    {
        var few = Vector128.Create(-1);
        for (var i = 0; ids.Length <= MostIds && i < ids.Length; i++)
        {
            few = few.WithElement(i, ids[i]);
        }

        Insert(key, few);
        if (++added * Line > memory.Length && memory.Length - Line < maxMemory)
        {
            Grow();
        }
    }

    private static Vector128<byte> KeyAtEnd(ReadOnlySpan<byte> word)
    {
        Span<byte> bytes = stackalloc byte[Vector128<byte>.Count];
        bytes.Clear();
        word.CopyTo(bytes);
        bytes[LongestWord] = (byte)word.Length;
        return Vector128.Create((ReadOnlySpan<byte>)bytes);
    }

    private void Insert(Vector128<byte> key, Vector128<int> ids)
    {
        var place = Place(key);
        At(place, 1) = At(place, 0);
        At(place, 0) = new Entry { Key = key, Ids = ids };
    }

    private void Grow()
    {
        var (old, oldStart, lines) = (memory, start, (memory.Length - Line) / Line);
        Take(2 * lines * Line);
        for (var i = 2 * lines - 1; i >= 0; i--) // The later one of a line stands first.
        {
            ref var entry = ref Unsafe.As<byte, Entry>(ref old[oldStart + i * Unsafe.SizeOf<Entry>()]);
            if (entry.Key != default)
            {
                Insert(entry.Key, entry.Ids);
            }
        }
    }

    private void Take(int size)
    {
        // Such an array stays where it is, so that lines once aligned stay so.
        memory = GC.AllocateArray<byte>(size + Line, pinned: true);
        start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) & (Line - 1));
        shift = 64 - BitOperations.Log2((uint)size / Line);
        added = 0;
    }

    // A place comes from a hash shifted to the number of lines.
    private ref Entry At(int place, int index) =>
        ref Unsafe.As<byte, Entry>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), start + place * Line + index * Unsafe.SizeOf<Entry>()));

    private struct Entry
    {
        public Vector128<byte> Key;
        public Vector128<int> Ids;
    }
}
