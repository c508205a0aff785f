namespace Llamax.Metrics;

/// <summary>What BLEU does with an n-gram order that has no match (Chen and Cherry, 2014).</summary>
public enum Smoothing
{
    /// <summary>The k-th such order counts as 1 / 2^k matches (mteval-v13a; the default).</summary>
    Exponential,

    /// <summary>Such an order counts as a small number of matches.</summary>
    Floor,

    /// <summary>A number is added to the matches and totals of every order above the first.</summary>
    AddK,

    /// <summary>Nothing: the score is 0.</summary>
    None,
}
