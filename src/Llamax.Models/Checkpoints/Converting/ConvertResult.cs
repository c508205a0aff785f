namespace Llamax.Models.Checkpoints.Converting;

/// <summary>What a conversion wrote.</summary>
/// <param name="Tensors">How many tensors.</param>
/// <param name="Bytes">Bytes of their numbers.</param>
/// <param name="Files">The weight files' names.</param>
/// <param name="Notes">What the user should know, a sentence each.</param>
public sealed record ConvertResult(int Tensors, long Bytes, IReadOnlyList<string> Files, IReadOnlyList<string> Notes);
