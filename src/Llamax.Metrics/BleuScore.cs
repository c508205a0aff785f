namespace Llamax.Metrics;

/// <summary>A BLEU score with what it was computed from. Lists are by n-gram order, from 1.</summary>
/// <param name="Metric"><c>BLEU</c> or <c>spBLEU</c>.</param>
/// <param name="Value">From 0 to 100, not rounded.</param>
/// <param name="Signature">How it was computed, as sacreBLEU writes it.</param>
/// <param name="Counts">Matching n-grams; with what add-k smoothing added.</param>
/// <param name="Totals">n-grams of the translation; with what add-k smoothing added.</param>
/// <param name="Precisions">Matches per hundred, after smoothing.</param>
/// <param name="BrevityPenalty">1, or less where the translation is shorter than the reference.</param>
/// <param name="SystemLength">Tokens of the translation.</param>
/// <param name="ReferenceLength">Tokens of the references, per segment the one closest in length.</param>
public sealed record BleuScore(
    string Metric,
    double Value,
    string Signature,
    IReadOnlyList<double> Counts,
    IReadOnlyList<double> Totals,
    IReadOnlyList<double> Precisions,
    double BrevityPenalty,
    int SystemLength,
    int ReferenceLength)
    : Score(Metric, Value, Signature)
{
    /// <summary>One line for people: <c>BLEU = 27.31 60.1/33.2/21.0/13.6 (BP = 0.997 ratio = 0.997 …)</c>.</summary>
    public override string ToString()
    {
        var ratio = ReferenceLength > 0 ? (double)SystemLength / ReferenceLength : 0;
        return $"{Metric} = {Value:F2} {string.Join('/', Precisions.Select(precision => precision.ToString("F1")))} " +
            $"(BP = {BrevityPenalty:F3} ratio = {ratio:F3} hyp_len = {SystemLength} ref_len = {ReferenceLength})";
    }
}
