namespace Llamax.Models.Families;

/// <summary>What a family calls the weights of a stack.</summary>
internal sealed record StackNames
{
    /// <summary>The embedding of tokens.</summary>
    public required string Embedding { get; init; }

    /// <summary>The learned positions, where there are any.</summary>
    public string? Positions { get; init; }

    /// <summary>The embedding of token types, where there is one.</summary>
    public string? TokenTypes { get; init; }

    /// <summary>The norm of the embeddings, where there is one.</summary>
    public string? EmbeddingNorm { get; init; }

    /// <summary>What distances add to the scores, where they do.</summary>
    public string? DistanceBias { get; init; }

    /// <summary>The layers.</summary>
    public required LayerNames Layer { get; init; }

    /// <summary>The norm after the last layer, where there is one.</summary>
    public string? Norm { get; init; }

    /// <summary>The output weight, of decoders.</summary>
    public string? Output { get; init; }

    /// <summary>The layer over the first token's state, where there is one.</summary>
    public string? Pooler { get; init; }
}
