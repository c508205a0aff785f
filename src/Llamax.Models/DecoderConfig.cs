using System.ComponentModel.DataAnnotations;

namespace Llamax.Models;

/// <summary>The shape of a LLaMA decoder. Read from and written to Hugging Face's <c>config.json</c>.</summary>
public sealed record DecoderConfig
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

    /// <summary>Width of one head; even.</summary>
    [Range(2, 1 << 16)]
    public required int HeadSize { get; init; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Epsilon of the root-mean-square norms.</summary>
    [Range(0.0, 1.0)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Base of the rotary frequencies.</summary>
    [Range(1.0, 1e12)]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>How rotary frequencies are stretched; null where they are not.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether the attention's projections have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the feed-forward projections have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether the output weight is the embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    [Range(0.0, 10.0)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Begin-of-sentence id, or null.</summary>
    public int? BosId { get; init; } = 1;

    /// <summary>The ids that end a text; may be empty.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [2];

    /// <summary>Padding id, or null.</summary>
    public int? PadId { get; init; }

    /// <summary>Number of weights; tied ones count once.</summary>
    public long Parameters
    {
        get
        {
            long hidden = HiddenSize, queries = (long)Heads * HeadSize, keys = (long)KeyValueHeads * HeadSize;
            var attention = (hidden * (queries + (2 * keys))) + (queries * hidden)
                + (AttentionBias ? queries + (2 * keys) + hidden : 0);
            var feedForward = (3 * hidden * IntermediateSize) + (FeedForwardBias ? (2L * IntermediateSize) + hidden : 0);
            return ((TiedEmbeddings ? 1 : 2) * hidden * VocabularySize) + (Layers * (attention + feedForward + (2 * hidden))) + hidden;
        }
    }

    /// <summary>The same configuration where it is consistent.</summary>
    /// <param name="source">What the message names: a file, or a recipe's section.</param>
    /// <exception cref="LlamaxException">Values that contradict one another or are out of range.</exception>
    public DecoderConfig Checked(string source)
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

        if (HeadSize % 2 != 0)
        {
            throw new LlamaxException($"{source}: a head size of {HeadSize} cannot be rotated, it must be even.");
        }

        foreach (var id in new int?[] { BosId, PadId }.Concat(EosIds.Select(id => (int?)id)))
        {
            if (id is { } known && (known < 0 || known >= VocabularySize))
            {
                throw new LlamaxException($"{source}: the special id {known} is outside the vocabulary of {VocabularySize}.");
            }
        }

        return this;
    }
}
