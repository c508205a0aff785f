using System.Security.Cryptography;
using Llamax.Corpora;
using Llamax.Corpora.Loading;
using Llamax.Corpora.Shards;
using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.Training;

/// <summary>A small model on a small training set of counting sequences, some with loss on a part only.</summary>
internal static class TinyRun
{
    public static readonly TrainingOptions Options = new()
    {
        Steps = 30,
        BatchTokens = 96,
        MaxSequence = 24,
        Accumulation = 2,
        LearningRate = 1e-2,
        WarmupSteps = 3,
        LogEverySteps = 4,
        CheckpointEverySteps = 5,
    };

    private static readonly DecoderConfig Config = new()
    {
        VocabularySize = 50,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
    };

    /// <summary>Writes the training set and gives its folder.</summary>
    public static string WriteData(TemporaryFolder folder)
    {
        var random = new RandomStream(7, "data");
        using var writer = new ShardWriter(folder.File("data"), new ShardOptions());
        for (var i = 0; i < 200; i++)
        {
            var (length, first) = (4 + random.Next(19), random.Next(40));
            int[] ids = [1, .. Enumerable.Range(0, length).Select(j => 3 + ((first + j) % 47)), 2];
            writer.Add(new TrainingExample(ids, i % 3 == 0 ? length / 2 : 0, ExampleKinds.Monolingual, "en"));
        }

        writer.Complete();
        return folder.File("data");
    }

    public static CausalLanguageModel NewModel(DecoderConfig? config = null)
    {
        var model = new CausalLanguageModel(config ?? Config);
        model.InitializeWeights(new RandomStream(3, "model"));
        return model;
    }

    /// <summary>Trains in a folder from where its checkpoints stand.</summary>
    public static TrainingProgress? Train(
        string data, string folder, TrainingOptions? options = null, Action<TrainingProgress>? report = null, CancellationToken cancel = default)
    {
        options ??= Options;
        using var model = NewModel();
        using var batches = new BatchLoader(data, options.ToBatchOptions(), seed: 11);
        return new Trainer(model, batches, options, folder, matrixRate: 1e11).Run(report, cancel);
    }

    public static string Hash(string folder) => Convert.ToHexStringLower(
        SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, Trainer.ModelFolderName, "model.safetensors"))));
}
