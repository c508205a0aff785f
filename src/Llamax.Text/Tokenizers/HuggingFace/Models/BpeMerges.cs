using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.HuggingFace.Models;

/// <summary>The merges of a BPE model.</summary>
/// <param name="Table">All of them.</param>
/// <param name="CrossesSpaces">Whether one of them joins a token that does not end in ▁ with one that begins with it.</param>
internal sealed record BpeMerges(MergeTable Table, bool CrossesSpaces);
