namespace Llamax.Reports;

/// <summary>A stage of the run and the time that it took.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Duration">Wall-clock time.</param>
/// <param name="Note">What it did, in a few words; null for nothing to say.</param>
public sealed record RunStage(string Name, TimeSpan Duration, string? Note = null);
