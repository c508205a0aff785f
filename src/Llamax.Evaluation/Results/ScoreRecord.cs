namespace Llamax.Evaluation.Results;

/// <summary>One score, as <c>results.json</c> and <c>results.csv</c> keep it.</summary>
/// <param name="System">The name of the scored system, for example <c>llamax-alpaca</c>.</param>
/// <param name="Benchmark">The name of the test set.</param>
/// <param name="Direction">Source and target language, <c>en-fr</c>; for bits per byte the one language, <c>fr</c>.</param>
/// <param name="Metric"><c>spBLEU</c>, <c>chrF</c> or <c>bits_per_byte</c>.</param>
/// <param name="Score">The score, unrounded: 0 to 100 for spBLEU and chrF (higher is better), bits for bits per byte (lower is better).</param>
/// <param name="Signature">What was computed, in the metric's own notation; null for a metric that has none.</param>
/// <param name="Sentences">Number of sentences that the score was computed on.</param>
public sealed record ScoreRecord(
    string System, string Benchmark, string Direction, string Metric, double Score, string? Signature, int Sentences);
