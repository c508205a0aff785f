using System.Numerics;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>
/// A trie in one array, in which a child is found by an addition: its slot is the base of its parent and the code of its
/// character, and the parent is named there (Aoe, "An efficient digital search algorithm by using a double-array structure",
/// 1989). Takes some 10 bytes for each node, 40 at most, and a table of all chars.
/// </summary>
internal sealed class DoubleArray
{
    /// <summary>The slot of the trie's root.</summary>
    public const int Root = 0;

    private const int LargestAlphabet = 1024; // With more, the children of most nodes would be far apart, with little to fill the gaps.
    private const int Window = 1 << 12; // Slots before the last one in use among which gaps are filled,
    private const int MostTries = 128; // and how many of them are tried for a node's children: both bound the time of building.
    private const int MostSlots = int.MaxValue >> 2; // See TrieSlot.

    private readonly int alphabet;
    private ulong[] used = [];
    private int end = 1; // Behind the last slot in use.

    private DoubleArray(ushort[] codes, int alphabet, int nodes)
    {
        (Codes, this.alphabet) = (codes, alphabet);
        Grow(nodes + (nodes / 8));
        used[0] = 1;
    }

    /// <summary>By char its code; 0 where no word has it.</summary>
    public ushort[] Codes { get; }

    /// <summary>The slots. The base of any of them and any code together are the number of one.</summary>
    public TrieSlot[] Slots { get; private set; } = [];

    /// <summary>What is left of words that go on alone: how many chars, and these.</summary>
    public char[] Tails { get; private set; } = [];

    /// <summary>
    /// Lays out a trie; null where the words have too many different characters, as Chinese ones do, or else do not fit into
    /// a few times the memory of the nodes.
    /// </summary>
    public static DoubleArray? TryBuild(WordTrie trie)
    {
        var (codes, alphabet) = FindCodes(trie.Labels);
        return alphabet <= LargestAlphabet && trie.NodeCount <= MostSlots
            && new DoubleArray(codes, alphabet, trie.NodeCount) is var array && array.TryPlace(trie) ? array : null;
    }

    /// <summary>Gives each character of the words a code, in their order.</summary>
    private static (ushort[] Codes, int Alphabet) FindCodes(ReadOnlySpan<char> labels)
    {
        var codes = new ushort[char.MaxValue + 1];
        foreach (var label in labels)
        {
            codes[label] = 1;
        }

        var count = 0;
        foreach (ref var code in codes.AsSpan())
        {
            count += code;
            code *= (ushort)count; // One too large for a code is of too large an alphabet.
        }

        return (codes, count);
    }

    private bool TryPlace(WordTrie trie)
    {
        var most = Math.Min((4L * trie.NodeCount) + (4 * alphabet), MostSlots);
        var slots = new int[trie.NodeCount];
        var depths = new short[trie.NodeCount];
        var rests = new List<char>();
        for (var parent = WordTrie.Root; parent < slots.Length; parent++)
        {
            var (slot, depth) = parent == WordTrie.Root ? (Root, 0) : (slots[parent], depths[parent]);
            var (first, last) = trie.Children(parent);
            if (first == last)
            {
                continue;
            }

            var start = FindBase(trie.Labels[first..last]);
            if (start > most || rests.Count > MostSlots)
            {
                return false;
            }

            Slots[slot] = Slots[slot].WithChildren(start);
            for (var child = first; child < last; child++)
            {
                var place = start + Codes[trie.Labels[child]];
                (slots[child], depths[child]) = (place, (short)(depth + 1));
                var rest = trie.Rest(child, depth + 1);
                Slots[place] = TrieSlot.Of(slot, trie.Ends(child), !rest.IsEmpty, rest.IsEmpty ? 0 : rests.Count);
                if (!rest.IsEmpty)
                {
                    rests.Add((char)rest.Length);
                    rests.AddRange(rest);
                }

                used[place >> 6] |= 1UL << place;
                end = Math.Max(end, place + 1);
            }
        }

        (Tails, used) = ([.. rests], []);
        return true;
    }

    /// <summary>Where the children of a node can be, by their characters, which ascend.</summary>
    private int FindBase(ReadOnlySpan<char> labels)
    {
        var first = Codes[labels[0]];
        var place = NextFree(Math.Max(first, end - Window));
        for (var tries = 0; tries < MostTries && place < end; tries++)
        {
            if (IsFree(labels, place - first))
            {
                return Reserve(place - first);
            }

            place = NextFree(place + 1);
        }

        return Reserve(Math.Max(end, first) - first);
    }

    /// <summary>The first free slot from this one on; where there is none, a number not below <see cref="end"/>.</summary>
    private int NextFree(int slot)
    {
        for (; slot < end; slot = (slot | 63) + 1)
        {
            var free = ~used[slot >> 6] >> slot;
            if (free != 0)
            {
                return slot + BitOperations.TrailingZeroCount(free);
            }
        }

        return slot;
    }

    private bool IsFree(ReadOnlySpan<char> labels, int start)
    {
        foreach (var label in labels)
        {
            var slot = start + Codes[label];
            if (slot < end && ((used[slot >> 6] >> slot) & 1) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sees to it that there are slots for all codes behind a base.</summary>
    private int Reserve(int start)
    {
        if (start + alphabet >= Slots.Length)
        {
            Grow(start + (start / 4));
        }

        return start;
    }

    /// <summary>Makes room for bases up to this one.</summary>
    private void Grow(int largest)
    {
        var (before, size) = (Slots.Length, largest + alphabet + 1);
        var slots = Slots;
        Array.Resize(ref slots, size);
        Array.Fill(slots, TrieSlot.Empty, before, size - before);
        Slots = slots;
        Array.Resize(ref used, (size + 63) / 64);
    }
}
