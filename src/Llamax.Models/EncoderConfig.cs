using System.ComponentModel.DataAnnotations;

namespace Llamax.Models;

/// <summary>The shape of an encoder, which reads a whole text at once: XLM-R, or the encoder of an encoder-decoder model.</summary>
public sealed record EncoderConfig : StackConfig
{
    /// <summary>The family of models, which says what the weights are called: see <c>Families/</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Whether the embeddings are normed.</summary>
    public bool EmbeddingNorm { get; init; }

    /// <summary>Rows of the embedding of token types, of which row 0 is added to each token; 0 where there is none.</summary>
    [Range(0, 1 << 16)]
    public int TokenTypes { get; init; }

    /// <summary>Whether a dense layer with tanh reads the first token's state.</summary>
    public bool Pooler { get; init; }

    /// <summary>The same configuration where it is consistent.</summary>
    /// <param name="source">What the message names: a file.</param>
    /// <exception cref="LlamaxException">Values that contradict one another or are out of range.</exception>
    public EncoderConfig Checked(string source)
    {
        CheckShape(source);
        return this;
    }
}
