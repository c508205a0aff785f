using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.EndToEnd;

/// <summary>A run that is killed at random moments of each stage ends like one that nobody disturbed.</summary>
public sealed class InterruptionTests(SmokeRun run) : IClassFixture<SmokeRun>
{
    private const int Attempts = 6;

    private static readonly string[] LongStages = ["base", "pretrain", "finetune", "evaluate"];

    [Fact]
    [Trait("Category", "Long")]
    public void Killed_at_random_moments_a_run_ends_with_the_same_scores_and_weights()
    {
        Assert.True(run.Code == 0, run.Errors);
        using var folder = new TemporaryFolder();
        var target = folder.File("killed");
        foreach (var stage in new[] { "tokenizer", "data", "base", "pretrain", "finetune", "evaluate", "report" })
        {
            // A kill that comes after the stage's end is no kill: the stage is begun anew, and killed sooner.
            var (wanted, kills) = (LongStages.Contains(stage) ? 2 : 1, 0);
            var random = new RandomStream(1, "kill", stage);
            var span = Duration(stage);
            for (var attempt = 0; attempt < Attempts && kills < wanted; attempt++)
            {
                var moment = TimeSpan.FromMilliseconds(random.Next(Math.Max(1, (int)span.TotalMilliseconds)));
                var killed = KillWithin(stage, target, moment);
                kills += killed ? 1 : 0;
                span = killed ? span : span / 2;
            }

            Assert.True(kills > 0 || !LongStages.Contains(stage), $"{stage} was never killed before its end");
        }

        var (code, _, errors) = CommandLine.Run("run", SmokeRun.Recipe, "--out", target, "--set", "threads=2");

        Assert.True(code == 0, errors);
        Assert.Equal(SmokeRun.Fingerprint(run.Folder), SmokeRun.Fingerprint(target));
    }

    /// <summary>How long the stage took when nobody disturbed it, on this machine.</summary>
    private TimeSpan Duration(string stage)
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Folder, stage, "stage.json")));
        return TimeSpan.FromSeconds(record.RootElement.GetProperty("active_seconds").GetDouble());
    }

    /// <summary>Runs up to a stage and kills the process some time after the stage began, which is done anew if it was at its end.</summary>
    private static bool KillWithin(string stage, string target, TimeSpan moment)
    {
        using var process = CommandLine.Start(
            ["run", SmokeRun.Recipe, "--out", target, "--set", "threads=2", "--until", stage, .. IsFinished(stage, target) ? new[] { "--from", stage } : []]);
        _ = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith($"{stage}: started", StringComparison.Ordinal) || line.StartsWith($"{stage}: going on", StringComparison.Ordinal))
            {
                var rest = process.StandardError.ReadToEndAsync();
                process.WaitForExit(moment);
                process.Kill();
                process.WaitForExit();
                _ = rest.Result;
                return !IsFinished(stage, target);
            }
        }

        process.WaitForExit();
        return false;
    }

    private static bool IsFinished(string stage, string target)
    {
        var file = Path.Combine(target, stage, "stage.json");
        if (!File.Exists(file))
        {
            return false;
        }

        using var record = JsonDocument.Parse(File.ReadAllText(file));
        return record.RootElement.GetProperty("finished").ValueKind != JsonValueKind.Null;
    }
}
