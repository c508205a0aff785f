namespace Llamax.Text.Tokenizers;

/// <summary>The ids that a model expects around a text: BOS, EOS, language tokens.</summary>
/// <param name="Prefix">Ids before the text.</param>
/// <param name="Suffix">Ids after the text.</param>
public sealed record SequenceFrame(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix);
