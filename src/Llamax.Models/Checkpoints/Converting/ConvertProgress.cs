namespace Llamax.Models.Checkpoints.Converting;

/// <summary>How far a conversion is.</summary>
/// <param name="Done">Bytes of weights that were written.</param>
/// <param name="Total">Bytes of weights in all.</param>
/// <param name="Kept">Of those done, bytes that an interrupted run had written.</param>
public sealed record ConvertProgress(long Done, long Total, long Kept);
