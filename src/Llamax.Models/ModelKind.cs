namespace Llamax.Models;

/// <summary>Kinds of networks.</summary>
public enum ModelKind
{
    /// <summary>A causal language model: it goes on from what it has read.</summary>
    Decoder,

    /// <summary>An encoder-decoder model: it reads one text and writes another.</summary>
    EncoderDecoder,

    /// <summary>An encoder: it reads a text and gives a state for each token.</summary>
    Encoder,
}
