namespace Llamax.Models.Families;

/// <summary>What a family calls the weights of a layer.</summary>
internal sealed record LayerNames
{
    /// <summary>What stands before each name; <c>{0}</c> is the layer's number.</summary>
    public required string Prefix { get; init; }

    /// <summary>The key of <c>config.json</c> that says how many layers there are.</summary>
    public required string CountKey { get; init; }

    /// <summary>The norm before (or after) the attention, and the only one of parallel blocks.</summary>
    public required string AttentionNorm { get; init; }

    /// <summary>Query, key and value; or one name where they are stored as one.</summary>
    public required IReadOnlyList<string> AttentionIn { get; init; }

    /// <summary>The projection out of the attention.</summary>
    public required string AttentionOut { get; init; }

    /// <summary>The norm of the attention to the encoder.</summary>
    public string? CrossNorm { get; init; }

    /// <summary>The query to the encoder.</summary>
    public string? CrossQuery { get; init; }

    /// <summary>Key and value of the encoder's states.</summary>
    public IReadOnlyList<string>? CrossKeyValue { get; init; }

    /// <summary>The projection out of the attention to the encoder.</summary>
    public string? CrossOut { get; init; }

    /// <summary>The norm of the feed-forward part; unused in parallel blocks.</summary>
    public string FeedForwardNorm { get; init; } = "";

    /// <summary>The projections into the feed-forward part: gate and up where it is gated, or one.</summary>
    public required IReadOnlyList<string> FeedForwardIn { get; init; }

    /// <summary>The one projection of models that are not gated, where others of the family are.</summary>
    public string? FeedForwardPlain { get; init; }

    /// <summary>The projection out of the feed-forward part.</summary>
    public required string FeedForwardOut { get; init; }

    /// <summary>Whether matrices are stored as <c>[in, out]</c>.</summary>
    public bool Transposed { get; init; }
}
