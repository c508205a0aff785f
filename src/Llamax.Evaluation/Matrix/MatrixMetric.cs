namespace Llamax.Evaluation.Matrix;

/// <summary>A metric of a direction matrix.</summary>
/// <param name="Name">The name in the results: <c>spBLEU</c>, <c>chrF</c>.</param>
/// <param name="Score">Score and signature of hypotheses (first) against their references (second).</param>
public sealed record MatrixMetric(string Name, Func<IReadOnlyList<string>, IReadOnlyList<string>, (double Score, string Signature)> Score);
