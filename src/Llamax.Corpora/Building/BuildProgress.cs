namespace Llamax.Corpora.Building;

/// <summary>How far the building of a training set is.</summary>
/// <param name="Part">What is being done, in words.</param>
/// <param name="Done">How much of it, in <paramref name="Unit"/>.</param>
/// <param name="Total">How much there is; 0 where that is not known.</param>
/// <param name="Unit">What is counted.</param>
public readonly record struct BuildProgress(string Part, long Done, long Total, string Unit);
