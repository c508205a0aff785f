namespace Llamax.Training;

/// <summary>Where a training stands after a step.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Epoch">Passes over the training set that are done.</param>
/// <param name="Loss">Mean loss per target of this step, in nats.</param>
/// <param name="LearningRate">Learning rate of this step.</param>
/// <param name="GradientNorm">Norm of the gradients before clipping.</param>
/// <param name="Tokens">Tokens read since the beginning, padding not counted.</param>
/// <param name="TokensPerSecond">Tokens per second over the last steps, padding not counted.</param>
/// <param name="MatrixRateShare">
/// Needed floating-point operations per second as a share of the machine's matrix-product rate; null where that was not measured.
/// </param>
/// <param name="TimeLeft">Until the last step at the pace of the last steps.</param>
public sealed record TrainingProgress(
    long Step,
    long Steps,
    int Epoch,
    double Loss,
    double LearningRate,
    double GradientNorm,
    long Tokens,
    double TokensPerSecond,
    double? MatrixRateShare,
    TimeSpan TimeLeft);
