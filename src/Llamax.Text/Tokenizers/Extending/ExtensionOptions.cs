using System.ComponentModel.DataAnnotations;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>What a vocabulary is extended by.</summary>
public sealed record ExtensionOptions
{
    /// <summary>Number of new pieces: exactly as many are added.</summary>
    [Range(1, 1_000_000)]
    public required int NewTokens { get; init; }

    /// <summary>Length of the longest new piece in characters. Default 16, as in SentencePiece.</summary>
    [Range(1, 512)]
    public int MaxPieceLength { get; init; } = 16;

    /// <summary>How often a new piece must occur in the corpus. Default 2.</summary>
    [Range(1, int.MaxValue)]
    public int MinimumCount { get; init; } = 2;

    /// <summary>
    /// Unicode's names of the scripts that new pieces may be of (<c>Bengali</c>). Where empty: those that dominate the
    /// corpus, each with at least a quarter of its letters.
    /// </summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Whether new pieces may be of every script that the corpus has. Default false.</summary>
    public bool AnyScript { get; init; }
}
