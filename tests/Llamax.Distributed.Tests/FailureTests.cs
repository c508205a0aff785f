using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Distributed;

/// <summary>One process fails, is killed or gets a signal: the job ends, and nobody is left behind.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("openmpi", "abort", 7, "llamax: rank 1 of 3: the tokenizer is missing")]
    [InlineData("mpich", "abort", 7, "llamax: rank 1 of 3: the tokenizer is missing")]
    [InlineData("openmpi", "throw", 70, "llamax: rank 1 of 3: System.InvalidOperationException: something that nobody expected")]
    [InlineData("mpich", "throw", 70, "llamax: rank 1 of 3: System.InvalidOperationException: something that nobody expected")]
    public void One_process_ends_the_job_with_its_message_and_exit_code(string launcher, string scene, int code, string message)
    {
        using var job = Job.Start(launcher, 3, folder, scene, hero: 1);

        Assert.Equal(code, job.Wait());
        Assert.Contains(message, job.Errors);
        AssertNobodyIsLeft(3);
    }

    [Theory]
    [InlineData("openmpi", "kill")]
    [InlineData("mpich", "kill")]
    [InlineData("openmpi", "fail")] // Leaves without Complete while the others stand at a barrier.
    [InlineData("mpich", "fail")]
    public void A_process_that_is_lost_takes_the_others_with_it(string launcher, string scene)
    {
        using var job = Job.Start(launcher, 3, folder, scene, hero: 2);

        Assert.NotEqual(0, job.Wait());
        AssertNobodyIsLeft(3);
    }

    [Theory]
    [InlineData("openmpi", "TERM")]
    [InlineData("openmpi", "INT")]
    [InlineData("mpich", "TERM")]
    [InlineData("mpich", "INT")]
    public void A_signal_to_the_launcher_ends_all(string launcher, string signal)
    {
        using var job = Job.Start(launcher, 3, folder, "wait", hero: 0);
        while (new DirectoryInfo(folder.Path).EnumerateFiles().Count(file => file.Length > 0) < 3)
        {
            Thread.Sleep(20);
        }

        job.Signal(signal);

        // MPICH's launcher says 0 now and then where its ranks end at the same moment.
        Assert.True(job.Wait() != 0 || launcher == "mpich", "the launcher says that all went well");
        AssertNobodyIsLeft(3);
    }

    /// <summary>The launcher may be gone a moment before those whom it has sent away.</summary>
    private void AssertNobodyIsLeft(int size)
    {
        var ids = Directory.GetFiles(folder.Path, "process-*").Select(file => int.Parse(File.ReadAllText(file))).ToList();
        Assert.Equal(size, ids.Count);
        var clock = Stopwatch.StartNew();
        while (ids.Exists(id => Directory.Exists($"/proc/{id}")) && clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            Thread.Sleep(20);
        }

        Assert.DoesNotContain(ids, id => Directory.Exists($"/proc/{id}"));
    }
}
