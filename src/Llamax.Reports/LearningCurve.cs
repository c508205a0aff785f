namespace Llamax.Reports;

/// <summary>The training loss of one model over its steps.</summary>
/// <param name="Stage">The stage; curves of one stage share a chart.</param>
/// <param name="Name">The model.</param>
/// <param name="Points">Step and mean loss per target token in nats, in the order of steps.</param>
public sealed record LearningCurve(string Stage, string Name, IReadOnlyList<(long Step, double Loss)> Points);
