using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// A prefix tree over byte strings as a double array (Aoe, 1989): the child of a node for a byte stands at the node's
/// base xor that byte, so a step is one look into one array. A node is written as its base.
/// </summary>
internal sealed class ByteTrie
{
    private readonly Unit[] units;

    /// <summary>Builds the tree.</summary>
    /// <param name="values">What the keys stand for: different numbers from 0 to <see cref="LargestValue"/>; put into the keys' order.</param>
    /// <param name="keyOf">The key of each value: different, not empty.</param>
    public ByteTrie(int[] values, Func<int, ReadOnlySpan<byte>> keyOf)
    {
        Array.Sort(values, (a, b) => keyOf(a).SequenceCompareTo(keyOf(b)));
        units = new ByteTrieBuilder().Build(values.Length, i => keyOf(values[i]), i => values[i]);
    }

    /// <summary>Builds the tree from different, non-empty keys with what they stand for.</summary>
    public ByteTrie(IEnumerable<(byte[] Key, int Value)> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        units = new ByteTrieBuilder().Build(sorted.Length, i => sorted[i].Key, i => sorted[i].Value);
    }

    /// <summary>The largest number that a key can stand for.</summary>
    public static int LargestValue => (1 << 31 - Unit.LabelBits) - 2;

    /// <summary>The node above all keys.</summary>
    public static int Root => ByteTrieBuilder.Root;

    /// <summary>Steps from a node to its child for a byte.</summary>
    /// <param name="node">The node; then its child.</param>
    /// <param name="label">The byte.</param>
    /// <param name="value">What the key that ends at the child stands for, or -1.</param>
    /// <returns>False where there is no child; the node is then of no use.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Step(ref int node, byte label, out int value)
    {
        // A base is in the array, which has whole blocks of 256: so is the base xor a byte.
        ref var unit = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(units), node ^ label);
        node = unit.Base;
        value = (unit.Tag >> Unit.LabelBits) - 1;
        return (unit.Tag & Unit.LabelMask) == label;
    }

    /// <summary>The child of <paramref name="node"/> for a byte, or -1.</summary>
    public int Child(int node, byte label) => Step(ref node, label, out _) ? node : -1;

    /// <summary>Length of the longest key that <paramref name="text"/> starts with; 0 where there is none.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text)
    {
        var (longest, node) = (0, Root);
        for (var i = 0; i < text.Length && Step(ref node, text[i], out var value); i++)
        {
            longest = value >= 0 ? i + 1 : longest;
        }

        return longest;
    }

    /// <summary>A place in the array. Tag: the byte that leads here, above it what the key that ends here stands for, plus 1.</summary>
    internal struct Unit
    {
        public const int LabelBits = 9; // One more than a byte, so that a free place answers to none.
        public const int LabelMask = (1 << LabelBits) - 1;

        public int Base;
        public int Tag;

        public static Unit Free => new() { Tag = LabelMask };
    }
}
