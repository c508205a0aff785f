using System.ComponentModel.DataAnnotations;

namespace Llamax.Models;

/// <summary>The shape of a stack of transformer layers. The defaults are LLaMA's.</summary>
public abstract record StackConfig
{
    /// <summary>Greatest width of all heads together, which keeps the sizes that are computed from it within an int.</summary>
    private const int MaximalHeadWidth = 1 << 22;

    /// <summary>Number of token ids, rows of the embedding.</summary>
    [Range(1, int.MaxValue)]
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    [Range(1, 1 << 20)]
    public required int HiddenSize { get; init; }

    /// <summary>Width between the two halves of the feed-forward part.</summary>
    [Range(1, 1 << 22)]
    public required int IntermediateSize { get; init; }

    /// <summary>Number of layers.</summary>
    [Range(1, 10_000)]
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    [Range(1, 100_000)]
    public required int Heads { get; init; }

    /// <summary>Number of key and value heads; divides <see cref="Heads"/>.</summary>
    [Range(1, 100_000)]
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even where positions rotate it.</summary>
    [Range(1, 1 << 16)]
    public required int HeadSize { get; init; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPositions { get; init; } = 2048;

    /// <summary>How hidden states are normed.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Whether layer norms add a bias.</summary>
    public bool NormBias { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    [Range(0.0, 1.0)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Where in a layer its norms stand.</summary>
    public NormPlace NormPlace { get; init; }

    /// <summary>How the model knows the order of tokens.</summary>
    public PositionKind Positions { get; init; }

    /// <summary>What is added to a position before its row is looked up in a table of positions.</summary>
    [Range(0, 1 << 20)]
    public int PositionOffset { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    [Range(1.0, 1e12)]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>How rotary frequencies are stretched; null where they are not.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Buckets of distances, of <see cref="PositionKind.Distance"/>.</summary>
    [Range(2, 1 << 16)]
    public int DistanceBuckets { get; init; } = 32;

    /// <summary>The distance from which on all share a bucket, of <see cref="PositionKind.Distance"/>.</summary>
    [Range(2, 1 << 20)]
    public int MaximalDistance { get; init; } = 128;

    /// <summary>What stands between the two halves of the feed-forward part.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Whether the projections to queries, keys and values have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the projection out of the attention has a bias.</summary>
    public bool AttentionOutBias { get; init; }

    /// <summary>Whether the feed-forward projections have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether scores are divided by the square root of <see cref="HeadSize"/>; T5 leaves that out.</summary>
    public bool ScaledAttention { get; init; } = true;

    /// <summary>What embeddings are multiplied by.</summary>
    [Range(0.0, 1e6)]
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Padding id, or null.</summary>
    public int? PadId { get; init; }

    /// <summary>Whether the positions rotate queries and keys.</summary>
    internal bool Rotates => Positions is PositionKind.Rotary or PositionKind.RotaryInterleaved;

    /// <summary>Whether the feed-forward part multiplies its activation by a second projection.</summary>
    internal bool Gated => Activation is ActivationKind.GatedSilu or ActivationKind.GatedGeluTanh;

    /// <summary>Width of the queries of all heads.</summary>
    internal int QueryWidth => Heads * HeadSize;

    /// <summary>Width of queries, keys and values of all heads.</summary>
    internal int AttentionWidth => (Heads + (2 * KeyValueHeads)) * HeadSize;

    /// <summary>Throws where the shape is inconsistent.</summary>
    /// <param name="source">What the message names: a file, or a recipe's section.</param>
    /// <exception cref="LlamaxException">Values that contradict one another or are out of range.</exception>
    internal void CheckShape(string source)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(this, new ValidationContext(this), results, validateAllProperties: true))
        {
            throw new LlamaxException($"{source}: {results[0].ErrorMessage}");
        }

        if (Heads % KeyValueHeads != 0)
        {
            throw new LlamaxException($"{source}: {Heads} query heads cannot share {KeyValueHeads} key/value heads evenly.");
        }

        if ((long)Heads * HeadSize > MaximalHeadWidth)
        {
            throw new LlamaxException(
                $"{source}: {Heads:N0} heads of {HeadSize:N0} are {(long)Heads * HeadSize:N0} wide together, and {MaximalHeadWidth:N0} is the most.");
        }

        if (Rotates && HeadSize % 2 != 0)
        {
            throw new LlamaxException($"{source}: a head size of {HeadSize} cannot be rotated, it must be even.");
        }

        CheckId(source, PadId);
    }

    /// <summary>Throws where a special id is outside the vocabulary.</summary>
    /// <exception cref="LlamaxException">It is.</exception>
    internal void CheckId(string source, int? id)
    {
        if (id is { } known && (known < 0 || known >= VocabularySize))
        {
            throw new LlamaxException($"{source}: the special id {known} is outside the vocabulary of {VocabularySize}.");
        }
    }
}
