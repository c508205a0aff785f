namespace Llamax.Text.Tokenizers;

/// <summary>How a byte-pair encoding is trained.</summary>
public sealed record BpeTrainerOptions : TokenizerTrainerOptions;
