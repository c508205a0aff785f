namespace Llamax.Corpora.Building.Planning;

/// <summary>What a chunk takes of a unit.</summary>
/// <param name="Unit">The unit's number in the plan.</param>
/// <param name="Groups">Which of the unit's groups.</param>
internal sealed record PlannedPart(int Unit, IReadOnlyList<int> Groups);
