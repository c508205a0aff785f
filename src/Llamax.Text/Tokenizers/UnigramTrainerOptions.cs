using System.ComponentModel.DataAnnotations;

namespace Llamax.Text.Tokenizers;

/// <summary>How a unigram model is trained. The defaults are SentencePiece's.</summary>
public sealed record UnigramTrainerOptions : TokenizerTrainerOptions
{
    /// <summary>Number of candidate pieces at the start. Default 1000000.</summary>
    [Range(100, 10_000_000)]
    public int SeedPieces { get; init; } = 1_000_000;

    /// <summary>Share of the pieces that each round of pruning keeps. Default 0.75.</summary>
    [Range(0.1, 0.99)]
    public double ShrinkingFactor { get; init; } = 0.75;

    /// <summary>Steps of expectation maximisation in each round. Default 2.</summary>
    [Range(1, 100)]
    public int SubIterations { get; init; } = 2;
}
