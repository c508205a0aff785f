namespace Llamax.Translation.Checking;

/// <summary>What one check of a model found.</summary>
/// <param name="Name">The case, for example <c>forward.left.logits</c> or <c>generate.batch/beam4</c>.</param>
/// <param name="Passed">Whether the model computes what the reference computed.</param>
/// <param name="Difference">The largest absolute difference of numbers, or null where none were compared.</param>
/// <param name="Detail">What differs first, in words; empty where nothing does.</param>
public sealed record CheckResult(string Name, bool Passed, double? Difference, string Detail);
