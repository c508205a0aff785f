namespace Llamax.Translation.Checking;

/// <summary>What the checks of a model found, and what they could not look at.</summary>
/// <param name="Results">One for each comparison; at least one.</param>
/// <param name="NotCompared">What had no reference, and why, in words; empty where everything had one.</param>
public sealed record ModelCheckReport(IReadOnlyList<CheckResult> Results, IReadOnlyList<string> NotCompared);
