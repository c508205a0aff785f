using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.EndToEnd.Data;

/// <summary>Ranks of a real launcher share a build; one that is lost ends it, and the next start goes on.</summary>
[Trait("Category", "Long")]
public sealed class DataRankTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("openmpi", 2)]
    [InlineData("openmpi", 3)]
    [InlineData("mpich", 2)]
    [InlineData("mpich", 3)]
    public void Ranks_make_together_what_one_process_makes(string launcher, int ranks)
    {
        var (sources, undisturbed) = Undisturbed(500);
        var (code, errors) = Finish(Start(launcher, ranks, sources, folder.File("run")));

        Assert.True(code == 0, errors);
        Assert.Equal(undisturbed, DataSources.Fingerprint(folder.File("run")));
        Assert.DoesNotContain("data: started\ndata: started", errors, StringComparison.Ordinal); // One rank speaks.
    }

    [Theory]
    [InlineData("openmpi", "pretrain.work/scans")]
    [InlineData("openmpi", "pretrain.work/chunks")]
    [InlineData("mpich", "pretrain.work/chunks")]
    public async Task A_killed_rank_ends_the_job_and_the_next_start_goes_on(string launcher, string sign)
    {
        var (sources, undisturbed) = Undisturbed(4_000);
        var run = folder.File("run");
        using var job = Start(launcher, 3, sources, run);
        var said = Task.WhenAll(job.StandardError.ReadToEndAsync(), job.StandardOutput.ReadToEndAsync()); // MPICH's launcher complains on stdout.
        while (!job.HasExited && !Directory.Exists(Path.Combine(run, "data", sign)))
        {
            Thread.Sleep(1);
        }

        var victim = RankOf(run, rank: 2);
        Assert.True(victim > 0, "rank 2 was not found at work");
        using (var rank = Process.GetProcessById(victim))
        {
            rank.Kill();
        }

        var clock = Stopwatch.StartNew();
        Assert.True(job.WaitForExit(Patience), "the job hangs");
        Assert.NotEqual(0, job.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.Matches("signal 9|EXIT CODE: 9", string.Concat(await said));

        var (code, second) = Finish(Start(launcher, 3, sources, run));

        Assert.True(code == 0, second);
        Assert.Contains("data: going on from where it was interrupted", second, StringComparison.Ordinal);
        Assert.Equal(undisturbed, DataSources.Fingerprint(run));
    }

    [Theory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void What_the_user_can_mend_ends_all_ranks_with_one_message(string launcher)
    {
        var sources = new DataSources(folder.File("sources"), 200);
        File.WriteAllText(Path.Combine(folder.File("sources"), "moses.de"), "zu kurz\n");
        var (code, errors) = Finish(Start(launcher, 2, sources, folder.File("run")));

        Assert.Equal(2, code);
        Assert.Contains("moses.", errors, StringComparison.Ordinal);
        Assert.Contains("Line-aligned files need as many lines each.", errors, StringComparison.Ordinal);
    }

    private (DataSources Sources, string Fingerprint) Undisturbed(int records)
    {
        var sources = new DataSources(folder.File("sources"), records);
        sources.Build(folder.File("undisturbed"));
        return (sources, DataSources.Fingerprint(folder.File("undisturbed")));
    }

    private static Process Start(string launcher, int ranks, DataSources sources, string run)
    {
        string[] words = launcher == "openmpi"
            ? [Shared.Program("mpirun.openmpi", "openmpi-bin"), "--allow-run-as-root", "--oversubscribe", "-n", $"{ranks}"]
            : [Shared.Program("mpirun.mpich", "mpich"), "-n", $"{ranks}"];
        return Process.Start(new ProcessStartInfo(
            words[0], [.. words[1..], "dotnet", Path.Combine(AppContext.BaseDirectory, "llamax.dll"), "data", "build", sources.Recipe, "--out", run, "--set", "threads=1"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static (int Code, string Errors) Finish(Process job)
    {
        using (job)
        {
            var (errors, output) = (job.StandardError.ReadToEndAsync(), job.StandardOutput.ReadToEndAsync());
            Assert.True(job.WaitForExit(Patience), "the job hangs");
            return (job.ExitCode, errors.Result + output.Result);
        }
    }

    /// <summary>The process that is a rank of the build into a folder; 0 where there is none.</summary>
    private static int RankOf(string run, int rank)
    {
        foreach (var process in Directory.GetDirectories("/proc").Where(each => char.IsAsciiDigit(Path.GetFileName(each)[0])))
        {
            try
            {
                string[] words = [.. File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0')];
                string[] variables = [.. File.ReadAllText(Path.Combine(process, "environ")).Split('\0')];
                if (words is ["dotnet", ..] && words.Contains(run) && (variables.Contains($"OMPI_COMM_WORLD_RANK={rank}") || variables.Contains($"PMI_RANK={rank}")))
                {
                    return int.Parse(Path.GetFileName(process));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return 0;
    }
}
