using Llamax.Corpora;
using Llamax.Corpora.Loading;
using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;
using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Training.Loss;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training;

/// <summary>Packed rows against the same entries, each run alone.</summary>
public sealed class PackingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<TrainingExample> examples = [];

    public PackingTests()
    {
        var random = new RandomStream(5, "packing");
        for (var i = 0; i < 40; i++)
        {
            var length = 3 + random.Next(20);
            examples.Add(new TrainingExample(
                [1, 3 + i, .. Enumerable.Range(0, length).Select(_ => 3 + random.Next(46)), 2], i % 2 == 0 ? 0 : random.Next(length), "parallel", "en-fr"));
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Isolated_entries_have_the_losses_that_they_have_alone()
    {
        var alone = Losses(PackingMode.None, batchTokens: 25);
        var isolated = Losses(PackingMode.Isolated, batchTokens: 200);

        Assert.Equal(examples.Count, alone.Count);
        foreach (var (entry, losses) in alone)
        {
            Assert.Equal(losses.Length, isolated[entry].Length);
            Assert.All(losses.Zip(isolated[entry]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Concatenated_entries_see_those_before_them()
    {
        var alone = Losses(PackingMode.None, batchTokens: 25);
        var concatenated = Losses(PackingMode.Concatenated, batchTokens: 200);

        Assert.All(alone, entry => Assert.Equal(entry.Value.Length, concatenated[entry.Key].Length));
        var differing = alone.Count(entry => entry.Value.Zip(concatenated[entry.Key]).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3));
        Assert.InRange(differing, 20, 39); // The first of each row is alone in what it sees.
    }

    [Fact]
    public void A_step_on_isolated_entries_has_the_gradients_of_a_step_on_each()
    {
        var (loss, gradients) = Gradients(PackingMode.None);
        var (packedLoss, packed) = Gradients(PackingMode.Isolated);
        using (gradients)
        using (packed)
        {
            Assert.Equal(loss, packedLoss, 1e-3);
            using var difference = (gradients - packed).abs().max();
            Assert.InRange(difference.item<float>(), 0, 1e-5f);
        }
    }

    [Fact]
    public void Training_on_packed_rows_goes_on_after_an_interruption_with_the_same_bits()
    {
        var data = Write(PackingMode.Isolated);
        var options = TinyRun.Options with { Steps = 8, BatchTokens = 200, MaxSequence = 100, CheckpointEverySteps = 3 };
        TinyRun.Train(data, folder.File("whole"), options);
        Assert.Throws<InvalidOperationException>(() => TinyRun.Train(data, folder.File("cut"), options, progress =>
        {
            if (progress.Step == 5)
            {
                throw new InvalidOperationException("the power fails");
            }
        }));
        TinyRun.Train(data, folder.File("cut"), options);

        Assert.Equal(TinyRun.Hash(folder.File("whole")), TinyRun.Hash(folder.File("cut")));
    }

    private string Write(PackingMode mode)
    {
        using var writer = new ShardWriter(folder.File($"{mode}"), new ShardOptions(), tokenizer: null, mode, 100);
        examples.ForEach(writer.Add);
        writer.Complete();
        return folder.File($"{mode}");
    }

    private BatchLoader Open(PackingMode mode, int batchTokens) =>
        new(Write(mode), new BatchOptions { BatchTokens = batchTokens, MaxSequence = Math.Min(batchTokens, 100) }, seed: 3);

    /// <summary>Per entry, known by its second id, the loss of each of its targets.</summary>
    private Dictionary<int, float[]> Losses(PackingMode mode, int batchTokens)
    {
        using var model = TinyRun.NewModel();
        using var step = new TrainingStep(model, TinyRun.Options);
        using var loader = Open(mode, batchTokens);
        var losses = new Dictionary<int, float[]>();
        while (loader.Position.Epoch == 0)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var batch = loader.Next();
            using var isolation = batch.IsIsolated ? Isolation.Of(batch, model.Device) : null;
            var chances = nn.functional.log_softmax(model.Logits(step.Hidden(batch, isolation)), -1);
            for (var row = 0; row < batch.Rows; row++)
            {
                foreach (var segment in batch.Segments(row))
                {
                    var cell = row * batch.Columns;
                    losses.Add(batch.InputIds[cell + segment.Start + 1], [.. Enumerable.Range(segment.LossFrom, segment.End - segment.LossFrom)
                        .Select(at => -chances[cell + at - 1, batch.InputIds[cell + at]].item<float>())]);
                }
            }
        }

        return losses;
    }

    private (double Loss, Tensor Gradients) Gradients(PackingMode mode)
    {
        using var model = TinyRun.NewModel();
        using var step = new TrainingStep(model, TinyRun.Options);
        using var loader = Open(mode, 300);
        var (loss, targets) = (0.0, examples.Sum(example => example.InputIds.Length - Math.Max(example.LossFrom, 1)));
        while (loader.Position.Epoch == 0)
        {
            var batch = loader.Next();
            loss += step.Accumulate(batch, LossTargets.Of(batch), targets);
        }

        return (loss, step.Parameters.Gradients.clone());
    }
}
