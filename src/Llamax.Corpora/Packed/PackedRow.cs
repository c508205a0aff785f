namespace Llamax.Corpora.Packed;

/// <summary>Several training entries of one kind and direction, one after the other.</summary>
/// <param name="InputIds">The ids of all.</param>
/// <param name="Starts">Index of each entry's first id; the first is 0.</param>
/// <param name="LossFrom">Per entry, <see cref="TrainingExample.LossFrom"/>: counted from the entry's own beginning.</param>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Direction">A language, or source and target.</param>
internal sealed record PackedRow(int[] InputIds, int[] Starts, int[] LossFrom, string Kind, string Direction);
