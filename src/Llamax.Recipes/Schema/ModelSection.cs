using System.ComponentModel.DataAnnotations;
using Llamax.Models;
using Llamax.Recipes.Yaml;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Schema;

/// <summary>The section <c>model</c>: a Hugging Face folder to start from, or the shape of a fresh LLaMA decoder.</summary>
public sealed record ModelSection : IValidatableObject
{
    /// <summary>Folder of the model to teach; the base stage is left out then. Null for a fresh model.</summary>
    [RelativePath]
    public string? Path { get; init; }

    /// <summary>Width of the hidden states.</summary>
    [Range(2, 1 << 20)]
    public int HiddenSize { get; init; } = 128;

    /// <summary>Width inside the feed-forward part.</summary>
    [Range(1, 1 << 22)]
    public int IntermediateSize { get; init; } = 352;

    /// <summary>Number of layers.</summary>
    [Range(1, 10_000)]
    public int Layers { get; init; } = 4;

    /// <summary>Number of query heads; divides the hidden size.</summary>
    [Range(1, 100_000)]
    public int Heads { get; init; } = 4;

    /// <summary>Number of key and value heads; divides the number of heads, which it is where left out.</summary>
    [Range(1, 100_000)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The longest sequence that the model is made for, in tokens.</summary>
    [Range(8, 1 << 24)]
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Base of the rotary frequencies.</summary>
    [Range(1.0, 1e12)]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Epsilon of the root-mean-square norms.</summary>
    [Range(0.0, 1.0)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether the output weight is the embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HiddenSize % (2 * Heads) != 0)
        {
            yield return new ValidationResult(
                $"hidden_size ({HiddenSize}) must be a multiple of twice heads ({Heads}): each head gets an even share.", [nameof(HiddenSize), nameof(Heads)]);
        }

        if (Heads % (KeyValueHeads ?? Heads) != 0)
        {
            yield return new ValidationResult(
                $"heads ({Heads}) must be a multiple of key_value_heads ({KeyValueHeads}).", [nameof(KeyValueHeads), nameof(Heads)]);
        }
    }

    /// <summary>The configuration of a fresh model.</summary>
    /// <param name="tokenizer">The tokenizer that it is for.</param>
    internal DecoderConfig ToConfig(Tokenizer tokenizer) => new()
    {
        VocabularySize = tokenizer.VocabularySize,
        HiddenSize = HiddenSize,
        IntermediateSize = IntermediateSize,
        Layers = Layers,
        Heads = Heads,
        KeyValueHeads = KeyValueHeads ?? Heads,
        HeadSize = HiddenSize / Heads,
        MaxPositions = MaxPositions,
        RopeTheta = RopeTheta,
        NormEpsilon = NormEpsilon,
        TiedEmbeddings = TiedEmbeddings,
        InitializerRange = InitializerRange,
        BosId = tokenizer.BosId,
        EosIds = tokenizer.EosId is { } eos ? [eos] : [],
        PadId = tokenizer.PadId,
    };
}
