using System.Numerics;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Remembers the ids of words, which come again and again in every text. Starts small, grows to a bound and begins anew
/// when that is reached. Not thread-safe: it belongs to a workspace.
/// </summary>
internal sealed class WordCache
{
    private const int Header = 4; // Lengths of the word in bytes and of the ids, 16 bits each.

    // How many slots an entry may stand in; where all are taken the last one gives way, so no text makes it slow.
    private const int Probes = 8;
    private const int SmallestMemory = 1 << 14;

    private readonly int maxMemory;

    // An entry is its header, its word padded to a multiple of four, and its ids. A slot holds an entry's place, which is
    // never 0, in words of four bytes, and above it bits of the hash. A quarter of the memory is slots.
    private byte[] entries = [];
    private uint[] slots = [];
    private uint placeMask;
    private int used;
    private int count;

    /// <summary>Prepares an empty cache.</summary>
    /// <param name="maxBytes">How much memory it may take; at least 16 KiB.</param>
    public WordCache(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, SmallestMemory);
        maxMemory = 1 << BitOperations.Log2((uint)maxBytes);
    }

    /// <summary>The longest word in bytes, and the largest number of ids, that is worth keeping.</summary>
    public static int LongestWord => 256;

    /// <summary>Looks a word up.</summary>
    /// <param name="word">The word; any bytes.</param>
    /// <param name="ids">Receives its ids at the end, where it is there.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(ReadOnlySpan<byte> word, TokenBuffer ids)
    {
        if (!TryGet(word, out var found))
        {
            return false;
        }

        ids.AddRange(found);
        return true;
    }

    /// <summary>Looks a word up.</summary>
    /// <param name="word">The word; any bytes.</param>
    /// <param name="ids">Its ids where it is there, until the next <see cref="Add"/>.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(ReadOnlySpan<byte> word, out ReadOnlySpan<int> ids)
    {
        ids = default;
        if (count == 0)
        {
            return false;
        }

        var hash = Hash(word);
        for (var probe = 0; probe < Probes; probe++)
        {
            var slot = slots[((int)hash + probe) & (slots.Length - 1)];
            if (slot == 0)
            {
                return false;
            }

            if (((slot ^ (uint)(hash >> 32)) & ~placeMask) == 0)
            {
                var entry = entries.AsSpan((int)(slot & placeMask) * sizeof(int));
                var header = MemoryMarshal.Read<uint>(entry);
                var length = (int)(header & 0xFFFF);
                if (entry.Slice(Header, length).SequenceEqual(word))
                {
                    ids = MemoryMarshal.Cast<byte, int>(entry.Slice(Header + Padded(length), (int)(header >> 16) * sizeof(int)));
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Remembers a word that was not found; one too long to come again is passed over.</summary>
    /// <param name="word">The word.</param>
    /// <param name="ids">Its ids.</param>
    public void Add(ReadOnlySpan<byte> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord || ids.Length > LongestWord)
        {
            return;
        }

        var size = Header + Padded(word.Length) + ids.Length * sizeof(int);
        if (used + size > entries.Length || count + 1 > slots.Length * 3 / 4)
        {
            GrowOrBeginAnew();
        }

        var entry = entries.AsSpan(used, size);
        MemoryMarshal.Write(entry, (uint)word.Length | (uint)ids.Length << 16);
        word.CopyTo(entry[Header..]);
        MemoryMarshal.AsBytes(ids).CopyTo(entry[(Header + Padded(word.Length))..]);
        Insert(Hash(word), used);
        used += size;
        count++;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private void GrowOrBeginAnew()
    {
        var memory = entries.Length / 3 * 4;
        if (memory < maxMemory)
        {
            memory = Math.Max(2 * memory, SmallestMemory);
            Array.Resize(ref entries, memory / 4 * 3);
            slots = new uint[memory / 4 / sizeof(uint)];
            placeMask = BitOperations.RoundUpToPowerOf2((uint)entries.Length / sizeof(int)) - 1;
            for (var place = Header; place < used;)
            {
                var header = MemoryMarshal.Read<uint>(entries.AsSpan(place));
                Insert(Hash(entries.AsSpan(place + Header, (int)(header & 0xFFFF))), place);
                place += Header + Padded((int)(header & 0xFFFF)) + (int)(header >> 16) * sizeof(int);
            }
        }
        else
        {
            Array.Clear(slots);
            (used, count) = (0, 0);
        }

        used = Math.Max(used, Header); // No entry begins at 0.
    }

    private void Insert(ulong hash, int place)
    {
        var probe = 0;
        while (probe < Probes - 1 && slots[((int)hash + probe) & (slots.Length - 1)] != 0)
        {
            probe++;
        }

        slots[((int)hash + probe) & (slots.Length - 1)] = ((uint)(hash >> 32) & ~placeMask) | (uint)(place / sizeof(int));
    }

    private static ulong Hash(ReadOnlySpan<byte> word)
    {
        var hash = (ulong)word.Length;
        for (; word.Length > 8; word = word[8..])
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(word));
        }

        return Mix(hash ^ Last(word));
    }

    /// <summary>Up to eight bytes as one number, without a loop; a length tells those apart that it gives alike.</summary>
    private static ulong Last(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => MemoryMarshal.Read<ulong>(bytes),
        >= 4 => MemoryMarshal.Read<uint>(bytes) | (ulong)MemoryMarshal.Read<uint>(bytes[^4..]) << 32,
        > 0 => bytes[0] | (ulong)bytes[bytes.Length / 2] << 8 | (ulong)bytes[^1] << 16,
        _ => 0,
    };

    // The halves of the product, xored: all bits of the input reach all bits of the result.
    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }
}
