using System.Diagnostics;
using Llamax.Models.Native;
using Llamax.Testing;
using Llamax.Text.Randomness;
using TorchSharp;

namespace Llamax.Training;

/// <summary>Kills a training process where it stands, again and again, and holds its end against an undisturbed one.</summary>
public sealed class KillTests
{
    private const string Variable = "LLAMAX_TRAINING_TO_KILL";

    /// <summary>A checkpoint at every second step: most kills fall into the writing of one.</summary>
    private static readonly TrainingOptions Options = TinyRun.Options with { Steps = 120, CheckpointEverySteps = 2 };

    [Fact]
    [Trait("Category", "Long")]
    public void A_run_that_is_killed_eight_times_ends_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        TinyRun.WriteData(folder);
        using (var whole = Start(folder, "whole"))
        {
            whole.WaitForExit();
            Assert.Equal(0, whole.ExitCode);
        }

        var random = new RandomStream(5, "kills");
        var kills = 0;
        for (; kills < 8; kills++)
        {
            var before = Newest(folder);
            using var child = Start(folder, "killed");
            while (Newest(folder) == before && !child.HasExited)
            {
                Thread.Sleep(1);
            }

            Thread.Sleep(random.Next(60));
            child.Kill();
            child.WaitForExit();
            if (Directory.Exists(folder.File("killed/model")))
            {
                break;
            }
        }

        Assert.True(kills > 2, $"the run was over after {kills} kills");
        using (var last = Start(folder, "killed"))
        {
            last.WaitForExit();
            Assert.Equal(0, last.ExitCode);
        }

        Assert.Equal(TinyRun.Hash(folder.File("whole")), TinyRun.Hash(folder.File("killed")));
        Assert.Equal(Losses(folder.File("whole")), Losses(folder.File("killed")));
    }

    /// <summary>Not a test by itself: the process that the test above starts and kills.</summary>
    [Fact(Explicit = true)]
    public void Child()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.NotNull(folder);
        LibTorch.EnsureLoaded();
        torch.set_num_threads(2);
        TinyRun.Train(Path.Combine(folder, "..", "data"), folder, Options);
    }

    private static Process Start(TemporaryFolder folder, string run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [Variable] = folder.File(run) },
        };
        foreach (var argument in new[] { "--explicit", "only", "--filter-method", $"{typeof(KillTests).FullName}.{nameof(Child)}" })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static string? Newest(TemporaryFolder folder) => !Directory.Exists(folder.File("killed/checkpoints"))
        ? null
        : Directory.EnumerateDirectories(folder.File("killed/checkpoints")).Where(path => !Path.HasExtension(path)).Max();

    private static List<string> Losses(string run) =>
        [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line => line[..line.IndexOf(",\"tokens_per_second\"", StringComparison.Ordinal)])];
}
