using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Training.Checkpoints;
using Llamax.Training.Loss;
using Llamax.Training.Schedules;

namespace Llamax.Training;

/// <summary>
/// Trains a model and leaves in its folder <c>model/</c> (a Hugging Face folder without tokenizer), <c>metrics.jsonl</c>
/// and <c>checkpoints/</c>. Where there is a checkpoint, it goes on from the newest one: the result has the same bits as
/// without the interruption, given the same machine and number of threads.
/// </summary>
/// <param name="model">The model to train; float32 or bfloat16 weights. Its weights change.</param>
/// <param name="batches">The training set.</param>
/// <param name="options">How to train.</param>
/// <param name="folder">Where everything is written.</param>
/// <param name="matrixRate">The machine's matrix-product rate in floating-point operations per second, for the progress; null where unknown.</param>
/// <param name="clock">Measures the pace; the system's where null.</param>
public sealed class Trainer(
    CausalLanguageModel model,
    BatchLoader batches,
    TrainingOptions options,
    string folder,
    double? matrixRate = null,
    TimeProvider? clock = null)
{
    /// <summary>The folder of the trained model inside a training's folder.</summary>
    public const string ModelFolderName = "model";

    private readonly CheckpointFolder checkpoints = new(Path.Combine(folder, "checkpoints"));
    private readonly Throughput throughput = new(model.Config, clock ?? TimeProvider.System);
    private long saved;

    /// <summary>Entries that were cut to the maximal length from the beginning of the training to its end.</summary>
    public long TruncatedRows { get; private set; }

    /// <summary>Entries that were left out, because the cut left them without a target.</summary>
    public long DroppedRows { get; private set; }

    /// <summary>Trains to the end.</summary>
    /// <param name="report">Called after each step.</param>
    /// <param name="cancellationToken">Ends the training after the current step, with a checkpoint.</param>
    /// <returns>Where the training stood after its last step; null where it was finished before.</returns>
    /// <exception cref="LlamaxException">The loss is not finite, or a checkpoint is broken or of other settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the next run goes on from there.</exception>
    public TrainingProgress? Run(Action<TrainingProgress>? report = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        var settings = RunSettings.Of(options, model.Config, batches.Manifest);
        using var step = new TrainingStep(model, options);
        var state = Resume(step, settings);
        var (truncated, dropped) = (state.TruncatedRows, state.DroppedRows);
        var all = options.Steps > 0 ? (long)options.Steps * options.Accumulation : Enumerable.Range(0, options.Epochs).Sum(batches.CountBatches);
        var steps = (all + options.Accumulation - 1) / options.Accumulation;
        TrainingProgress? progress = null;
        using (var log = new MetricsLog(Path.Combine(folder, "metrics.jsonl"), state.Step))
        {
            throughput.Skip();
            while (state.Step < steps)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    Save(step, state, log);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                var count = (int)Math.Min(options.Accumulation, all - (state.Step * options.Accumulation)); // Epochs end where they end.
                (state, progress) = Step(step, state, steps, count);
                state = state with { TruncatedRows = truncated + batches.TruncatedRows, DroppedRows = dropped + batches.DroppedRows };
                if (state.Step % options.LogEverySteps == 0 || state.Step == steps)
                {
                    log.Write(progress, state.LossSum / state.LossTargets);
                    state = state with { LossSum = 0, LossTargets = 0 };
                }

                report?.Invoke(progress);
                if (state.Step == steps || (options.CheckpointEverySteps > 0 && state.Step % options.CheckpointEverySteps == 0))
                {
                    Save(step, state, log);
                }
            }
        }

        SaveModel();
        (TruncatedRows, DroppedRows) = (state.TruncatedRows, state.DroppedRows);
        return progress;
    }

    private TrainingState Resume(TrainingStep step, IReadOnlyDictionary<string, string> settings)
    {
        if (checkpoints.Latest() is not { } latest)
        {
            return TrainingState.Beginning(settings);
        }

        var state = Checkpoint.ReadState(latest);
        RunSettings.Check(latest, state.Settings, settings);
        Checkpoint.ReadTensors(latest, step.Parameters, step.Optimizer);
        batches.Seek(state.Position);
        saved = state.Step;
        return state;
    }

    private (TrainingState State, TrainingProgress Progress) Step(TrainingStep step, TrainingState state, long steps, int count)
    {
        var (number, learningRate) = (state.Step + 1, LearningRate.At(options, state.Step + 1, steps));
        var parts = Enumerable.Range(0, count).Select(_ => batches.Next())
            .Select(batch => (Batch: batch, Targets: LossTargets.Of(batch))).ToList();
        var targets = parts.Sum(part => part.Targets.Labels.LongLength);
        var loss = 0.0;
        foreach (var (batch, batchTargets) in parts)
        {
            loss += step.Accumulate(batch, batchTargets, targets);
            throughput.Add(batch);
        }

        var norm = step.Update(number, learningRate);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new LlamaxException(
                $"{folder}: step {number}: the loss is {loss / targets}, the gradient's norm {norm}: the training has diverged. Lower "
                + $"learning_rate ({options.LearningRate}), raise warmup_steps ({options.WarmupSteps}) or set clip ({options.Clip}) to 1.");
        }

        throughput.EndStep();
        state = state with
        {
            Step = number,
            Position = batches.Position,
            Tokens = state.Tokens + parts.Sum(part => (long)part.Batch.Tokens),
            LossSum = state.LossSum + loss,
            LossTargets = state.LossTargets + targets,
        };
        return (state, new TrainingProgress(
            number, steps, state.Position.Epoch, loss / targets, learningRate, norm, state.Tokens, throughput.TokensPerSecond,
            throughput.OperationsPerSecond / matrixRate, TimeSpan.FromSeconds(throughput.SecondsPerStep * (steps - number))));
    }

    private void Save(TrainingStep step, TrainingState state, MetricsLog log)
    {
        if (state.Step == saved)
        {
            return;
        }

        log.Flush();
        checkpoints.Save(
            state.Step, path => Checkpoint.Write(path, state, step.Parameters, step.Optimizer), options.KeepCheckpoints);
        saved = state.Step;
        throughput.Skip();
    }

    /// <summary>The folder gets its name when it is complete.</summary>
    private void SaveModel()
    {
        var target = Path.Combine(folder, ModelFolderName);
        var partial = target + ".partial";
        foreach (var old in new[] { partial, target }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        ModelFolder.Save(model, partial);
        Directory.Move(partial, target);
    }
}
