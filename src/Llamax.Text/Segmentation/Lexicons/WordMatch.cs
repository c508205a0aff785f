using System.Runtime.InteropServices;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>A word of a lexicon that a text begins with.</summary>
/// <param name="Length">Its length in chars.</param>
/// <param name="Word">Its number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WordMatch(int Length, int Word);
