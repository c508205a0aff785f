using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Loading;
using Llamax.Corpora.Loading.Mixing;
using Llamax.Training.Schedules;

namespace Llamax.Training;

/// <summary>How a model is trained. Exactly one of <see cref="Steps"/> and <see cref="Epochs"/> is above zero.</summary>
public sealed record TrainingOptions : IValidatableObject
{
    /// <summary>Optimizer steps; 0 where <see cref="Epochs"/> says how long to train.</summary>
    [Range(0, int.MaxValue)]
    public int Steps { get; init; }

    /// <summary>
    /// Passes over the training set; 0 where <see cref="Steps"/> says how long to train. The last step may have
    /// fewer batches than the others.
    /// </summary>
    [Range(0, 10_000)]
    public int Epochs { get; init; }

    /// <summary>Cells of a micro-batch at most, padding included: rows × longest row.</summary>
    [Range(2, 1 << 28)]
    public int BatchTokens { get; init; } = 4096;

    /// <summary>Entries are cut to this many ids. At most <see cref="BatchTokens"/>.</summary>
    [Range(2, 1 << 24)]
    public int MaxSequence { get; init; } = 2048;

    /// <summary>Micro-batches per optimizer step. The step is the same as with one batch of all their entries.</summary>
    [Range(1, 1 << 20)]
    public int Accumulation { get; init; } = 1;

    /// <summary>
    /// Above 1, small languages come more often than they are in the training set: within a kind, the share of a direction
    /// with n entries is proportional to n^(1 / temperature). A pass has as many entries as the training set all the same.
    /// </summary>
    [Range(1.0, 1e6)]
    public double? Temperature { get; init; }

    /// <summary>
    /// Factors of the shares of kinds (<c>parallel</c>), languages (<c>sw</c>) and directions (<c>en-sw</c>); 1 where left
    /// out, and 0 leaves out what it names.
    /// </summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Highest learning rate, reached at the end of the warm-up.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Learning rate at the end of the cosine, as a share of <see cref="LearningRate"/>.</summary>
    [Range(0.0, 1.0)]
    public double MinLearningRateRatio { get; init; } = 0.1;

    /// <summary>Steps in which the learning rate rises linearly from 0; the first step is above 0 already.</summary>
    [Range(0, int.MaxValue)]
    public int WarmupSteps { get; init; }

    /// <summary>How the learning rate goes on after the warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Decoupled weight decay per unit of learning rate.</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Whether norms and biases (everything with one dimension) decay too; matrices and embeddings always do.</summary>
    public bool DecayNormsAndBiases { get; init; }

    /// <summary>Decay of the first moment.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the root of the second moment.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gradients with a larger global norm are scaled down to it; 0 switches clipping off.</summary>
    [Range(0.0, 1e6)]
    public double Clip { get; init; } = 1.0;

    /// <summary>Steps between checkpoints; 0 writes one at the end and when the run is interrupted.</summary>
    [Range(0, int.MaxValue)]
    public int CheckpointEverySteps { get; init; } = 500;

    /// <summary>Checkpoints kept, the newest ones.</summary>
    [Range(1, 1000)]
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Steps between lines of <c>metrics.jsonl</c>.</summary>
    [Range(1, int.MaxValue)]
    public int LogEverySteps { get; init; } = 10;

    /// <summary>The part of these options that the <see cref="BatchLoader"/> takes.</summary>
    public BatchOptions ToBatchOptions() => new()
    {
        BatchTokens = BatchTokens,
        MaxSequence = MaxSequence,
        Mixing = new MixingOptions { Temperature = Temperature ?? 1, Weights = Weights },
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Steps > 0) == (Epochs > 0))
        {
            yield return new ValidationResult("Set either steps or epochs, and set it above 0.", [nameof(Steps), nameof(Epochs)]);
        }

        if (MaxSequence > BatchTokens)
        {
            yield return new ValidationResult(
                $"max_sequence ({MaxSequence}) is above batch_tokens ({BatchTokens}): one entry would not fit into a batch.",
                [nameof(MaxSequence), nameof(BatchTokens)]);
        }

        foreach (var (key, weight) in Weights.Where(each => !double.IsFinite(each.Value) || each.Value < 0))
        {
            yield return new ValidationResult($"the weight of '{key}' is {weight}; it must be a number of 0 or more.", [nameof(Weights)]);
        }

        if (Steps > 0 && WarmupSteps > Steps)
        {
            yield return new ValidationResult(
                $"warmup_steps ({WarmupSteps}) is above steps ({Steps}): the learning rate would never be reached.",
                [nameof(WarmupSteps), nameof(Steps)]);
        }
    }
}
