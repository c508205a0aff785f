namespace Llamax.Reports;

/// <summary>Something that one must know to repeat the run.</summary>
/// <param name="Group">Where it belongs, for example <c>Settings</c>, <c>Versions</c>, <c>Machine</c>.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
public sealed record RunFact(string Group, string Name, string Value);
