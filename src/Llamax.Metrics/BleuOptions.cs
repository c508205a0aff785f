using Llamax.Metrics.Tokenization;

namespace Llamax.Metrics;

/// <summary>How BLEU is computed; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>Cuts segments into tokens.</summary>
    public BleuTokenizer Tokenizer { get; init; } = BleuTokenizer.V13a;

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>What happens to an order without a match.</summary>
    public Smoothing Smoothing { get; init; } = Smoothing.Exponential;

    /// <summary>The number that <see cref="Smoothing.Floor"/> (0.1 where null) and <see cref="Smoothing.AddK"/> (1
    /// where null) use.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Whether orders longer than a segment are left out of the mean; to be used for single sentences.</summary>
    public bool EffectiveOrder { get; init; }

    /// <summary>The longest n-grams, 1 or more.</summary>
    public int MaximumOrder { get; init; } = 4;

    /// <summary>Whether the score is called spBLEU instead of BLEU.</summary>
    internal bool IsSpBleu => Tokenizer is PieceTokenizer;
}
