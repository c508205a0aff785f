using System.Globalization;
using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Models.Native;
using Llamax.Text.Files;
using Llamax.Training;
using static TorchSharp.torch;

namespace Llamax.Recipes.Stages;

/// <summary>What base training, continual pre-training and instruction tuning have in common: one training in one folder.</summary>
internal static class ModelTraining
{
    /// <summary>Options that change neither the weights nor how they come about.</summary>
    public static IReadOnlyList<string> Unimportant { get; } =
        [nameof(TrainingOptions.CheckpointEverySteps), nameof(TrainingOptions.KeepCheckpoints), nameof(TrainingOptions.LogEverySteps)];

    public static IReadOnlyDictionary<string, string> Versions => new Dictionary<string, string> { ["libtorch"] = LibTorch.Version };

    /// <summary>Trains, or goes on training, and leaves a complete model folder, the tokenizer included.</summary>
    /// <param name="context">The run.</param>
    /// <param name="stage">The stage, for messages.</param>
    /// <param name="part">What messages call this training.</param>
    /// <param name="folder">The folder of the training.</param>
    /// <param name="start">Makes the model that the training starts from.</param>
    /// <param name="trainingSet">The folder of the training set.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Receives each step.</param>
    /// <param name="cancellation">Ends the training with a checkpoint.</param>
    public static void Run(
        RunContext context,
        string stage,
        string part,
        string folder,
        Func<CausalLanguageModel> start,
        string trainingSet,
        TrainingOptions options,
        IRunProgress progress,
        CancellationToken cancellation)
    {
        context.PrepareComputing();
        using var model = start();
        ModelFolder.CheckTokenizer(model.Config, context.LoadTokenizer());
        using var batches = new BatchLoader(trainingSet, options.ToBatchOptions(), context.Seed(stage, "batches"));
        var trainer = new Trainer(model, batches, options, folder, context.MatrixRate());
        trainer.Run(step => progress.Advanced(stage, part, step.Step, step.Steps, Describe(step)), cancellation);
        if (trainer.TruncatedRows + trainer.DroppedRows > 0)
        {
            progress.Note(stage, $"{part}: {trainer.TruncatedRows:N0} entries were longer than max_sequence ({options.MaxSequence}) and were cut; "
                + $"a further {trainer.DroppedRows:N0} would have had no target left and were left out.");
        }

        foreach (var (_, file) in context.TokenizerInputs)
        {
            var content = File.ReadAllBytes(file);
            AtomicFile.Write(Path.Combine(folder, Trainer.ModelFolderName, Path.GetFileName(file)), stream => stream.Write(content), cancellation);
        }
    }

    /// <summary>Loads a model to train on. Float16 cannot hold gradients and becomes float32; other weights stay as they are stored.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="note">Receives what the user should know of it.</param>
    /// <exception cref="LlamaxException">A file is missing or broken.</exception>
    public static CausalLanguageModel Load(string folder, Action<string> note)
    {
        var model = ModelFolder.Load(folder, note: note);
        if (model.Type != ScalarType.Float16)
        {
            return model;
        }

        model.Dispose();
        return ModelFolder.Load(folder, ScalarType.Float32);
    }

    /// <summary>The files of a model folder that a stage made, as its outputs.</summary>
    public static IEnumerable<string> Outputs(string stageFolder, string modelFolder) =>
        Directory.GetFiles(modelFolder).Select(file => Path.GetRelativePath(stageFolder, file));

    private static string Describe(TrainingProgress step) => string.Create(CultureInfo.InvariantCulture,
        $"loss {step.Loss:F3} · {step.TokensPerSecond:N0} tokens/s{(step.MatrixRateShare is { } share ? $" · {share:P0} of the matrix-product rate" : "")} · {Left(step.TimeLeft)} left");

    private static string Left(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
