namespace Llamax.Corpora;

/// <summary>One entry of a training set. BOS and EOS are among the ids already; nobody adds them later.</summary>
/// <param name="InputIds">The whole entry, at least two ids.</param>
/// <param name="LossFrom">
/// Index of the first id that is a target of the loss. The first id is never one, so 0 and 1 mean the same: loss on
/// everything.
/// </param>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Direction">A language (<c>en</c>), or source and target in the order of the entry (<c>en-fr</c>).</param>
public sealed record TrainingExample(int[] InputIds, int LossFrom, string Kind, string Direction);
