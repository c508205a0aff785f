using Llamax.Testing;

namespace Llamax.EndToEnd.Data;

/// <summary>The bytes of training sets depend on the recipe and the contents of files, and on nothing else.</summary>
public sealed class DataDeterminismTests(DataDeterminismTests.Undisturbed undisturbed) : IClassFixture<DataDeterminismTests.Undisturbed>, IDisposable
{
    private const int Records = 1_000;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void There_is_something_to_compare()
    {
        var lines = undisturbed.Fingerprint.Split('\n');
        Assert.Equal(3, lines.Count(line => line.Contains("manifest.json", StringComparison.Ordinal)));
        Assert.True(lines.Count(line => line.StartsWith("data/pretrain/shard-", StringComparison.Ordinal)) > 5, undisturbed.Fingerprint);
    }

    [Fact]
    public void Two_threads_make_what_one_makes()
    {
        undisturbed.Sources.Build(folder.File("run"), "--set", "threads=2");
        Assert.Equal(undisturbed.Fingerprint, DataSources.Fingerprint(folder.File("run")));
    }

    [Fact]
    public void Files_may_have_other_names_in_another_order()
    {
        var renamed = new DataSources(folder.File("renamed"), Records, "z", "m", "c");
        renamed.Build(folder.File("run"));
        Assert.Equal(undisturbed.Fingerprint, DataSources.Fingerprint(folder.File("run")));
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Workers_that_are_started_by_hand_make_together_what_one_process_makes(int workers, bool apart)
    {
        string[] runs = [.. Enumerable.Range(0, workers).Select(worker => folder.File(apart ? $"run-{worker}" : "run"))];
        for (var worker = workers; worker >= 1; worker--)
        {
            undisturbed.Sources.Build(runs[worker - 1], "--worker", $"{worker}/{workers}");
        }

        var (code, output, errors) = CommandLine.Run(["data", "merge", .. runs.Distinct(StringComparer.Ordinal)]);

        Assert.True(code == 0, errors);
        Assert.Contains("pretrain\t", output, StringComparison.Ordinal);
        Assert.Equal(undisturbed.Fingerprint, DataSources.Fingerprint(runs[0]));
        Assert.Contains("up to date", undisturbed.Sources.Build(runs[0]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Merging_says_what_is_missing()
    {
        undisturbed.Sources.Build(folder.File("run"), "--worker", "2/3");
        var (code, _, errors) = CommandLine.Run("data", "merge", folder.File("run"));
        Assert.Equal(2, code);
        Assert.Matches(@"^llamax: .*: \d+ of \d+ pieces are missing\.", errors);
    }

    /// <summary>One process, one thread, never stopped.</summary>
    public sealed class Undisturbed : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Undisturbed()
        {
            Sources = new DataSources(folder.File("sources"), Records);
            Sources.Build(folder.File("run"), "--set", "threads=1");
            Fingerprint = DataSources.Fingerprint(folder.File("run"));
        }

        public string Fingerprint { get; }

        internal DataSources Sources { get; }

        public void Dispose() => folder.Dispose();
    }
}
