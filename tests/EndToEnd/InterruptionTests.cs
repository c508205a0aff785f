using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.EndToEnd;

/// <summary>A run that is killed at random moments of each stage ends like one that nobody disturbed.</summary>
public sealed class InterruptionTests(SmokeRun run) : IClassFixture<SmokeRun>
{
    [Fact]
    [Trait("Category", "Long")]
    public void Killed_at_random_moments_a_run_ends_with_the_same_scores_and_weights()
    {
        Assert.True(run.Code == 0, run.Errors);
        using var folder = new TemporaryFolder();
        var target = folder.File("killed");
        var kills = 0;
        foreach (var stage in new[] { "tokenizer", "data", "base", "pretrain", "finetune", "evaluate", "report" })
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                kills += KillWithin(stage, target, new RandomStream(attempt, "kill", stage)) ? 1 : 0;
            }
        }

        var (code, _, errors) = CommandLine.Run("run", SmokeRun.Recipe, "--out", target, "--set", "threads=2");

        Assert.True(code == 0, errors);
        Assert.True(kills >= 7, $"{kills} of the kills came before the stage's end");
        Assert.Equal(SmokeRun.Fingerprint(run.Folder), SmokeRun.Fingerprint(target));
    }

    /// <summary>Runs up to a stage and kills the process a random time after the stage began.</summary>
    private static bool KillWithin(string stage, string target, RandomStream random)
    {
        using var process = CommandLine.Start("run", SmokeRun.Recipe, "--out", target, "--set", "threads=2", "--until", stage);
        _ = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith($"{stage}: started", StringComparison.Ordinal) || line.StartsWith($"{stage}: going on", StringComparison.Ordinal))
            {
                var rest = process.StandardError.ReadToEndAsync();
                var ended = process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(stage is "base" or "pretrain" or "finetune" or "evaluate" ? 6000 : 1000)));
                process.Kill();
                process.WaitForExit();
                _ = rest.Result;
                return !ended;
            }
        }

        process.WaitForExit();
        return false;
    }
}
