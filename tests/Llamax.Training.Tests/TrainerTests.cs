using System.Text.Json.Nodes;
using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Testing;
using TorchSharp;

namespace Llamax.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string data;

    public TrainerTests() => data = TinyRun.WriteData(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_loss_falls_and_the_model_is_written()
    {
        var seen = new List<TrainingProgress>();
        var last = TinyRun.Train(data, folder.File("run"), report: seen.Add);
        Assert.Equal(30, seen.Count);
        Assert.Same(seen[^1], last);
        Assert.True(last!.Loss < 0.6 * seen[0].Loss, $"{seen[0].Loss} to {last.Loss}");
        Assert.All(seen, progress => Assert.True(
            progress is { GradientNorm: > 0, LearningRate: > 0, TokensPerSecond: > 0, MatrixRateShare: > 0 }, progress.ToString()));
        Assert.Equal(TimeSpan.Zero, last.TimeLeft);
        using var model = ModelFolder.Load(folder.File("run/model"));
        Assert.Equal(["step-00000025", "step-00000030"],
            Directory.GetDirectories(folder.File("run/checkpoints")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void An_interrupted_run_ends_with_the_same_bits_and_the_same_log()
    {
        TinyRun.Train(data, folder.File("whole"));
        foreach (var stop in new[] { 2, 13, 25 })
        {
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => TinyRun.Train(data, folder.File("cut"), report: progress =>
            {
                if (progress.Step == stop)
                {
                    cancel.Cancel();
                }
            }, cancel: cancel.Token));
        }

        TinyRun.Train(data, folder.File("cut"));
        Assert.Equal(TinyRun.Hash(folder.File("whole")), TinyRun.Hash(folder.File("cut")));
        Assert.Equal(Log("whole"), Log("cut"));
        Assert.Equal(8, Log("whole").Count); // Steps 4, 8, … 28 and the last.
    }

    [Fact]
    public void A_finished_run_trains_no_more()
    {
        TinyRun.Train(data, folder.File("run"));
        var hash = TinyRun.Hash(folder.File("run"));
        Assert.Null(TinyRun.Train(data, folder.File("run"), report: _ => Assert.Fail("a step was done")));
        Assert.Equal(hash, TinyRun.Hash(folder.File("run")));
    }

    [Fact]
    public void What_a_crash_left_is_cleaned_away_and_does_not_hide_the_last_good_checkpoint()
    {
        TinyRun.Train(data, folder.File("whole"));
        Assert.Throws<InvalidOperationException>(() => TinyRun.Train(data, folder.File("run"), report: progress =>
        {
            if (progress.Step == 14)
            {
                throw new InvalidOperationException("the power fails");
            }
        }));
        Directory.CreateDirectory(folder.File("run/checkpoints/step-00000015.partial"));
        File.WriteAllText(folder.File("run/checkpoints/step-00000015.partial/state.safetensors"), "half");
        Directory.CreateDirectory(folder.File("run/checkpoints/step-00000005.removed"));
        File.AppendAllText(folder.File("run/metrics.jsonl"), "{\"step\":1");
        var first = 0L;
        TinyRun.Train(data, folder.File("run"), report: progress => first = first == 0 ? progress.Step : first);
        Assert.Equal(11, first);
        Assert.Equal(TinyRun.Hash(folder.File("whole")), TinyRun.Hash(folder.File("run")));
        Assert.Equal(Log("whole"), Log("run"));
        Assert.Equal(["step-00000025", "step-00000030"],
            Directory.GetDirectories(folder.File("run/checkpoints")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Other_settings_are_refused_by_name()
    {
        TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 5 });
        var exception = Assert.Throws<LlamaxException>(
            () => TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 5, LearningRate = 0.02 }));
        Assert.Contains("learning_rate (0.01, now 0.02)", exception.Message, StringComparison.Ordinal);
        TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 5, LogEverySteps = 1 }); // Changes no weight.
    }

    [Fact]
    public void A_broken_checkpoint_is_named()
    {
        TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 5 });
        File.WriteAllText(folder.File("run/checkpoints/step-00000005/state.json"), "{\"step\": 5}");
        var exception = Assert.Throws<LlamaxException>(() => TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 5 }));
        Assert.Contains("step-00000005/state.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_more_batches_than_a_number_of_32_bits_holds_are_begun() => Assert.Throws<InvalidOperationException>(() => TinyRun.Train(
        data, folder.File("run"), TinyRun.Options with { Steps = 1 << 30, Accumulation = 4 }, report: _ => throw new InvalidOperationException("begun")));

    [Fact]
    public void Divergence_is_said_and_leaves_the_last_checkpoint()
    {
        var options = TinyRun.Options with { LearningRate = 1, Clip = 0, WeightDecay = 10, WarmupSteps = 0, Epsilon = 1e-30, Steps = 400 };
        var exception = Record.Exception(() => TinyRun.Train(data, folder.File("run"), options));
        Assert.Contains("diverged", Assert.IsType<LlamaxException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_set_of_which_nothing_fits_is_an_error_and_leaves_no_model()
    {
        var options = TinyRun.Options with { Steps = 0, Epochs = 1, WarmupSteps = 0, MaxSequence = 1 };
        Assert.Contains("max_sequence", Assert.Throws<LlamaxException>(() => TinyRun.Train(data, folder.File("run"), options)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.File("run"), Trainer.ModelFolderName)));
    }

    [Fact]
    public void Entries_that_were_cut_are_counted_from_the_beginning_also_after_an_interruption()
    {
        var options = TinyRun.Options with { MaxSequence = 8 };
        Assert.Equal(Count("whole", _ => { }), Count("cut", progress =>
        {
            if (progress.Step == 11)
            {
                throw new InvalidOperationException("killed");
            }
        }));

        (long, long) Count(string name, Action<TrainingProgress> report)
        {
            while (true)
            {
                using var model = TinyRun.NewModel();
                using var batches = new BatchLoader(data, options.ToBatchOptions(), seed: 11);
                var trainer = new Trainer(model, batches, options, folder.File(name), matrixRate: 1e11);
                try
                {
                    trainer.Run(report);
                    Assert.True(trainer is { TruncatedRows: > 0, DroppedRows: > 0 });
                    return (trainer.TruncatedRows, trainer.DroppedRows);
                }
                catch (InvalidOperationException)
                {
                    report = _ => { };
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Epochs_count_the_batches_of_the_training_set_and_end_with_it(int accumulation)
    {
        var last = TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 0, Epochs = 2, WarmupSteps = 0, Accumulation = accumulation });
        Assert.InRange(last!.Epoch, 2, 2);
        var tokens = JsonNode.Parse(File.ReadAllText(Path.Combine(data, "manifest.json")))!["tokens"]!.GetValue<long>();
        Assert.Equal(2 * tokens, last.Tokens);
    }

    [Fact]
    public void Fifty_steps_leave_no_more_tensors_than_five()
    {
        var live = new Dictionary<long, long>();
        TinyRun.Train(data, folder.File("run"), TinyRun.Options with { Steps = 50 },
            progress => live[progress.Step] = DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(live[5], live[50]);
    }

    private List<string> Log(string run) =>
        [.. File.ReadLines(folder.File($"{run}/metrics.jsonl")).Select(line =>
        {
            var record = JsonNode.Parse(line)!.AsObject();
            record.Remove("tokens_per_second");
            record.Remove("matrix_rate_share");
            return record.ToJsonString();
        })];
}
