using System.Text.Json;
using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Training.Loss;
using Llamax.Training.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training;

/// <summary>Ten steps of AdamW against what PyTorch and transformers computed for the same model and batches.</summary>
public sealed class ReferenceTests
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 10,
        LearningRate = 1e-3,
        Schedule = ScheduleKind.Constant,
        WeightDecay = 0.1,
        DecayNormsAndBiases = true,
    };

    [Theory]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("qwen2")] // Its padding is its BOS, whose row of the embedding stays as it is.
    public void Ten_steps_give_the_reference_losses_norms_and_weights(string name)
    {
        var folder = Shared.Path("fixtures", name);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        var training = expected.RootElement.GetProperty("training");
        using var model = ModelFolder.Load(folder);
        using var step = new TrainingStep(model, Options);
        for (var i = 0; i < 10; i++)
        {
            var (batch, targets) = Read(training.GetProperty("batches")[i]);
            var loss = step.Accumulate(batch, targets, targets.Labels.Length) / targets.Labels.Length;
            if (i == 0)
            {
                Compare(Path.Combine(folder, "train_step0_grads.safetensors"), model, step.Parameters.Gradients, step, 1e-5);
            }

            var norm = step.Update(i + 1, LearningRate.At(Options, i + 1, 10));
            Assert.Equal(training.GetProperty("loss")[i].GetDouble(), loss, 1e-4);
            Assert.Equal(training.GetProperty("grad_norm")[i].GetDouble(), norm, 1e-4);
        }

        // Where a gradient is near zero, AdamW divides noise by noise: single weights may be off by a part of a step of 1e-3.
        Compare(Path.Combine(folder, "train_final_weights.safetensors"), model, step.Parameters.Values, step, 3e-4);
    }

    /// <summary>Holds a flat tensor against a file, by putting it where the model's weights are for a moment.</summary>
    private static void Compare(string file, CausalLanguageModel model, Tensor flat, TrainingStep step, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var reference = SafetensorsFile.Open(file);
        var values = step.Parameters.Values.clone();
        step.Parameters.Values.copy_(flat);
        var weights = model.Weights().ToDictionary(weight => weight.Name, weight => weight.Value.clone());
        step.Parameters.Values.copy_(values);
        Assert.Equal(reference.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), weights.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in weights)
        {
            var difference = (value - reference.Read(name)).abs();
            Assert.True(difference.max().item<float>() < tolerance, $"{name} differs by {difference.max().item<float>()}");
            Assert.True(difference.mean().item<float>() < tolerance / 30, $"{name} differs by {difference.mean().item<float>()} on average");
        }
    }

    /// <summary>The reference's labels have holes, which no entry of ours has: the targets are read as they are.</summary>
    private static (TokenBatch Batch, LossTargets Targets) Read(JsonElement json)
    {
        var ids = json.GetProperty("input_ids").Deserialize<int[][]>()!;
        var labels = json.GetProperty("labels").Deserialize<int[][]>()!;
        var columns = ids[0].Length;
        var targets = labels.SelectMany((row, i) => row.Select((label, j) => (Position: (long)(i * columns) + j - 1, Column: j, Label: (long)label)))
            .Where(target => target.Column > 0 && target.Label != -100).ToList();
        var lengths = json.GetProperty("attention_mask").Deserialize<int[][]>()!.Select(row => row.Sum()).ToArray();
        return (
            new TokenBatch(ids.Length, columns, [.. ids.SelectMany(row => row)], lengths, [.. lengths.Select(_ => 1)]),
            new LossTargets([.. targets.Select(target => target.Position)], [.. targets.Select(target => target.Label)]));
    }
}
