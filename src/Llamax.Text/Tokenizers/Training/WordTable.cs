using System.Numerics;
using System.Runtime.InteropServices;
using Llamax.Text.Randomness;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>Different byte strings with their counts, in the order in which they came. The strings lie in one array.</summary>
internal sealed class WordTable
{
    private byte[] text = new byte[1 << 12];
    private int[] starts = new int[1 << 9];
    private long[] counts = new long[1 << 9];
    private int[] slots = new int[1 << 10]; // Open addressing; number of the word + 1.

    public int Count { get; private set; }

    /// <summary>Length of all strings together.</summary>
    public int TextLength => starts[Count];

    public ReadOnlySpan<byte> this[int word] => text.AsSpan(starts[word]..starts[word + 1]);

    public long CountOf(int word) => counts[word];

    public bool Contains(ReadOnlySpan<byte> word) => slots[Slot(word)] != 0;

    public void Add(ReadOnlySpan<byte> word, long count)
    {
        var slot = Slot(word);
        if (slots[slot] != 0)
        {
            counts[slots[slot] - 1] += count;
            return;
        }

        Append(word, count);
        slots[slot] = Count;
        if (2 * Count > slots.Length)
        {
            Rehash(2 * slots.Length);
        }
    }

    public void Add(WordTable other)
    {
        for (var word = 0; word < other.Count; word++)
        {
            Add(other[word], other.CountOf(word));
        }
    }

    /// <summary>
    /// Makes room by a draw among the rare: a word that stands fewer than <paramref name="threshold"/> times is kept with the
    /// chance count / threshold, and then counts as threshold. So every sum over words keeps its expected value (threshold
    /// sampling: Duffield, Lund and Thorup, 2005), which dropping the rare would not: in scripts without spaces almost
    /// all words are rare.
    /// </summary>
    public WordTable Sample(long threshold, RandomStream random)
    {
        var kept = new WordTable();
        for (var word = 0; word < Count; word++)
        {
            if (counts[word] >= threshold || random.NextDouble() * threshold < counts[word])
            {
                kept.Add(this[word], Math.Max(counts[word], threshold));
            }
        }

        return kept;
    }

    /// <summary>The slot that holds the word, or the free one where it belongs.</summary>
    private int Slot(ReadOnlySpan<byte> word)
    {
        var mask = slots.Length - 1;
        var slot = Hash(word) & mask;
        while (slots[slot] != 0 && !this[slots[slot] - 1].SequenceEqual(word))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Append(ReadOnlySpan<byte> word, long count)
    {
        if (Count + 1 == starts.Length)
        {
            Array.Resize(ref starts, 2 * starts.Length);
            Array.Resize(ref counts, 2 * counts.Length);
        }

        var end = checked(starts[Count] + word.Length);
        if (end > text.Length)
        {
            Array.Resize(ref text, (int)Math.Min(Math.Max(2L * text.Length, end), Array.MaxLength));
        }

        word.CopyTo(text.AsSpan(starts[Count]));
        counts[Count] = count;
        starts[++Count] = end;
    }

    private void Rehash(int size)
    {
        slots = new int[size];
        for (var word = 0; word < Count; word++)
        {
            var slot = Hash(this[word]) & (size - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            slots[slot] = word + 1;
        }
    }

    private static int Hash(ReadOnlySpan<byte> word)
    {
        var hash = (ulong)word.Length;
        for (; word.Length >= 8; word = word[8..])
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(word));
        }

        ulong rest = 0;
        foreach (var part in word)
        {
            rest = (rest << 8) | part;
        }

        return (int)(Mix(hash ^ rest) >> 33);
    }

    // The constant is 2^64 divided by the golden ratio (Fibonacci hashing, Knuth, volume 3, section 6.4).
    private static ulong Mix(ulong value) => BitOperations.RotateLeft(value * 0x9E3779B97F4A7C15, 29) * 0x9E3779B97F4A7C15;
}
