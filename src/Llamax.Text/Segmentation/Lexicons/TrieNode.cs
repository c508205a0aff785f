using System.Runtime.InteropServices;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>A node of a <see cref="WordTrie"/>.</summary>
/// <param name="FirstChild">Its first child; the next node's first child ends its children.</param>
/// <param name="Word">The word that ends here; or, where only one word goes on from here, <see cref="Rest"/> of it; or <see cref="None"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrieNode(int FirstChild, int Word)
{
    /// <summary>Neither ends a word here nor does a single one go on.</summary>
    public const int None = -1;

    /// <summary>The sign that only this word goes on; its own inverse.</summary>
    public static int Rest(int word) => -2 - word;
}
