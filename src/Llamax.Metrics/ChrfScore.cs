namespace Llamax.Metrics;

/// <summary>A chrF score with what it was computed from. Lists are by order: character n-grams from 1, then word
/// n-grams from 1.</summary>
/// <param name="Metric"><c>chrF</c> or <c>chrF++</c>.</param>
/// <param name="Value">From 0 to 100, not rounded.</param>
/// <param name="Signature">How it was computed, as sacreBLEU writes it.</param>
/// <param name="HypothesisCounts">n-grams of the translation; none where the reference has none of that order.</param>
/// <param name="ReferenceCounts">n-grams of the reference, per segment the one that gives the best score.</param>
/// <param name="Matches">n-grams that both have.</param>
public sealed record ChrfScore(
    string Metric,
    double Value,
    string Signature,
    IReadOnlyList<int> HypothesisCounts,
    IReadOnlyList<int> ReferenceCounts,
    IReadOnlyList<int> Matches)
    : Score(Metric, Value, Signature)
{
    /// <summary>One line for people: <c>chrF = 52.18</c>.</summary>
    public override string ToString() => $"{Metric} = {Value:F2}";
}
