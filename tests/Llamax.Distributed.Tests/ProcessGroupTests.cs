using System.Text.RegularExpressions;
using Llamax.Testing;

namespace Llamax.Distributed;

public sealed partial class ProcessGroupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, int> Launchers => new()
    {
        { "openmpi", 2 }, { "openmpi", 3 }, { "mpich", 2 }, { "mpich", 3 },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Alone_it_is_a_group_of_one()
    {
        using var job = Job.Start("", 1, folder, "report");

        Assert.Equal(0, job.Wait());
        Assert.Equal("rank 0 of 1\n", job.Output);
        Assert.Empty(job.Errors);
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Each_process_has_a_rank(string launcher, int size)
    {
        using var job = Job.Start(launcher, size, folder, "report");

        Assert.Equal(0, job.Wait());
        Assert.Equal(
            Enumerable.Range(0, size).Select(rank => $"rank {rank} of {size}"),
            Ranks().Matches(job.Output).Select(match => match.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Nobody_leaves_a_barrier_before_all_have_come(string launcher, int size)
    {
        using var job = Job.Start(launcher, size, folder, "rounds");

        Assert.True(job.Wait() == 0, job.Errors);
    }

    [Theory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Waiting_leaves_the_cores_to_others(string launcher)
    {
        using var job = Job.Start(launcher, 2, folder, "idle", hero: 1);

        Assert.Equal(0, job.Wait());
        var milliseconds = double.Parse(Cost().Match(job.Output).Groups[1].Value);
        Assert.InRange(milliseconds, 0, 500); // Of 2,000 that the other one sleeps.
    }

    [Theory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void The_library_leaves_the_runtimes_signal_handlers_in_place(string launcher)
    {
        using var job = Job.Start(launcher, 2, folder, "null");

        Assert.Equal(0, job.Wait());
        Assert.Equal(2, job.Output.Split("caught NullReferenceException").Length - 1);
    }

    [GeneratedRegex(@"rank \d+ of \d+")]
    private static partial Regex Ranks();

    [GeneratedRegex(@"cpu (\d+) ms")]
    private static partial Regex Cost();
}
