using System.ComponentModel.DataAnnotations;

namespace Llamax.Models;

/// <summary>
/// The shape of a decoder that writes token by token: a causal language model, or the decoder of an encoder-decoder
/// model. Read from and written to Hugging Face's <c>config.json</c>.
/// </summary>
public sealed record DecoderConfig : StackConfig
{
    /// <summary>The family of models, which says what the weights are called: see <c>Families/</c>.</summary>
    public string Family { get; init; } = "llama";

    /// <summary>Whether each layer attends to an encoder's states too.</summary>
    public bool CrossAttention { get; init; }

    /// <summary>Whether the output weight is the embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>What logits are multiplied by.</summary>
    [Range(0.0, 1e6)]
    public double LogitScale { get; init; } = 1;

    /// <summary>Standard deviation of fresh weights.</summary>
    [Range(0.0, 10.0)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>
    /// Whether the embedding's row of the padding id learns nothing from being read, wherever it is read, as PyTorch has it
    /// where an embedding is told its <c>padding_idx</c>. A tied output still trains the row.
    /// </summary>
    public bool FixedPadding { get; init; } = true;

    /// <summary>Begin-of-sentence id, or null.</summary>
    public int? BosId { get; init; } = 1;

    /// <summary>The ids that end a text; may be empty.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [2];

    /// <summary>The same configuration where it is consistent.</summary>
    /// <param name="source">What the message names: a file, or a recipe's section.</param>
    /// <exception cref="LlamaxException">Values that contradict one another or are out of range.</exception>
    public DecoderConfig Checked(string source)
    {
        CheckShape(source);
        foreach (var id in EosIds.Select(id => (int?)id).Prepend(BosId))
        {
            CheckId(source, id);
        }

        return this;
    }
}
