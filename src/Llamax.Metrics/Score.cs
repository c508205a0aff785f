namespace Llamax.Metrics;

/// <summary>A score with its recipe: two scores can be compared only where their signatures are the same.</summary>
/// <param name="Metric">The metric's name, for example <c>BLEU</c>.</param>
/// <param name="Value">From 0 to 100, not rounded.</param>
/// <param name="Signature">How it was computed, as sacreBLEU writes it.</param>
public abstract record Score(string Metric, double Value, string Signature);
