using System.Runtime.InteropServices;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>A place in a <see cref="DoubleArray"/>, with a node or empty.</summary>
/// <param name="Parent">The slot of the node's parent.</param>
/// <param name="Bits">From the lowest: whether a word ends here, whether a single one goes on, where that or the children stand.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrieSlot(int Parent, int Bits)
{
    /// <summary>No node is the child of this one.</summary>
    public static readonly TrieSlot Empty = new(-1, 0);

    /// <summary>1 where a word ends here, else 0.</summary>
    public int Ends => Bits & 1;

    /// <summary>1 where a single word goes on from here, else 0.</summary>
    public int IsAlone => (Bits >> 1) & 1;

    /// <summary>What together with a character's code gives the child's slot; or where the rest of the single word stands.</summary>
    public int Base => Bits >>> 2;

    /// <summary>A node.</summary>
    public static TrieSlot Of(int parent, bool ends, bool isAlone, int start = 0) => new(parent, (start << 2) | (isAlone ? 2 : 0) | (ends ? 1 : 0));

    /// <summary>The same node with its children.</summary>
    public TrieSlot WithChildren(int start) => new(Parent, (start << 2) | (Bits & 3));
}
