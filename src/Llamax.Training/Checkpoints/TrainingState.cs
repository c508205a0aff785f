using Llamax.Corpora.Loading;

namespace Llamax.Training.Checkpoints;

/// <summary>What a checkpoint knows beside the tensors; the schedule follows from the step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Position">Where the data go on.</param>
/// <param name="Tokens">Tokens read since the beginning.</param>
/// <param name="LossSum">Sum of the losses since the last line of the log.</param>
/// <param name="LossTargets">Number of targets since the last line of the log.</param>
/// <param name="Settings">The settings that the result depends on, by key.</param>
/// <param name="TruncatedRows">Entries that were cut since the beginning.</param>
/// <param name="DroppedRows">Entries that were left out since the beginning, because the cut left them without a target.</param>
internal sealed record TrainingState(
    long Step,
    LoaderPosition Position,
    long Tokens,
    double LossSum,
    long LossTargets,
    IReadOnlyDictionary<string, string> Settings,
    long TruncatedRows = 0,
    long DroppedRows = 0)
{
    /// <summary>Before the first step.</summary>
    public static TrainingState Beginning(IReadOnlyDictionary<string, string> settings) =>
        new(0, LoaderPosition.Beginning, 0, 0, 0, settings);
}
