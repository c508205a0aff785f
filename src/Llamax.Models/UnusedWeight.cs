namespace Llamax.Models;

/// <summary>A tensor of a checkpoint that the network of its configuration has no place for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
public sealed record UnusedWeight(string Name, IReadOnlyList<long> Shape);
