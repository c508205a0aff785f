namespace Llamax.Corpora.Building.Planning;

/// <summary>A piece of the training set that is made by itself and has shards of its own.</summary>
/// <param name="Id">What it is made from, as a hash.</param>
/// <param name="Parts">What it takes of the units; empty for instructions.</param>
internal sealed record PlannedChunk(string Id, IReadOnlyList<PlannedPart> Parts);
