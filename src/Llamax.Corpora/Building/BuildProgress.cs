namespace Llamax.Corpora.Building;

/// <summary>How far the building of a training set is.</summary>
/// <param name="Part">What is being added, in words.</param>
/// <param name="Rows">Entries of the training set so far.</param>
public readonly record struct BuildProgress(string Part, long Rows);
