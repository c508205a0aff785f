using System.Diagnostics;
using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.EndToEnd.Data;

/// <summary>A build that is killed and started again ends with the bytes of one that nobody disturbed.</summary>
public sealed class DataKillTests : IDisposable
{
    private const int Records = 12_000;
    private const int Kills = 10;

    private static readonly string[] Phases = ["scans", "plans", "chunks"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Killed_at_ten_random_moments_a_build_ends_with_the_same_bytes()
    {
        var sources = new DataSources(folder.File("sources"), Records);
        var clock = Stopwatch.StartNew();
        sources.Build(folder.File("undisturbed"));
        var (span, random) = (clock.Elapsed, new RandomStream(1, "kill"));
        var (kills, seen, run) = (0, new HashSet<string>(StringComparer.Ordinal), folder.File("run"));
        for (var attempt = 0; kills < Kills || seen.Count < Phases.Length; attempt++)
        {
            Assert.True(attempt < 5 * Kills, $"{kills} kills came before the end of the build, in {string.Join(' ', seen)}");
            if (!KillAfter(sources, run, random.NextDouble() * span))
            {
                Directory.Delete(run, recursive: true); // It was done: begin anew, and be quicker.
                span /= 2;
                continue;
            }

            kills++;
            span *= kills < Kills ? 1 : 1.3; // A busy machine may have become slower since.
            var work = Path.Combine(run, "data", "pretrain.work");
            seen.UnionWith(Phases.Where(phase => Directory.Exists(Path.Combine(work, phase))));
        }

        sources.Build(run);

        Assert.Equal(DataSources.Fingerprint(folder.File("undisturbed")), DataSources.Fingerprint(run));
        Assert.Equal(Phases.Order(), seen.Order());
        Assert.Empty(Directory.GetDirectories(Path.Combine(run, "data"), "*.work"));
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("pretrain.work/scans/*.tmp")]
    [InlineData("pretrain.work/plans/*.tmp")]
    [InlineData("pretrain.work/chunks/*.tmp")]
    [InlineData("pretrain.work/chunks")]
    [InlineData("finetune.work")]
    public void Killed_in_the_middle_of_a_pass_a_build_ends_with_the_same_bytes(string sign)
    {
        var sources = new DataSources(folder.File("sources"), Records / 4);
        sources.Build(folder.File("undisturbed"));
        var run = folder.File("run");
        using (var process = CommandLine.Start("data", "build", sources.Recipe, "--out", run))
        {
            _ = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
            while (!process.HasExited && !Exists(Path.Combine(run, "data"), sign))
            {
                Thread.Sleep(1);
            }

            process.Kill();
            process.WaitForExit();
        }

        sources.Build(run);

        Assert.Equal(DataSources.Fingerprint(folder.File("undisturbed")), DataSources.Fingerprint(run));
    }

    private static bool Exists(string folder, string pattern)
    {
        var path = Path.Combine(folder, Path.GetDirectoryName(pattern)!);
        try
        {
            return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path, Path.GetFileName(pattern)).Any();
        }
        catch (DirectoryNotFoundException)
        {
            return false; // It went away in between.
        }
    }

    private static bool KillAfter(DataSources sources, string run, TimeSpan moment)
    {
        using var process = CommandLine.Start("data", "build", sources.Recipe, "--out", run);
        var (errors, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        process.WaitForExit(moment);
        process.Kill();
        process.WaitForExit();
        _ = (errors.Result, output.Result);
        Assert.True(process.ExitCode is 0 or 137, errors.Result);
        return process.ExitCode == 137;
    }
}
