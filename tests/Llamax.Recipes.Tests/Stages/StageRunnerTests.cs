using Llamax.Recipes.Stages;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Stages;

public sealed class StageRunnerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Log log = new();
    private readonly FakeStage first;
    private readonly FakeStage second;

    public StageRunnerTests()
    {
        File.WriteAllText(folder.File("input.txt"), "input");
        var run = folder.File("run");
        first = new FakeStage("first", run, () => new() { ["data.file"] = folder.File("input.txt") });
        second = new FakeStage("second", run, () => new() { ["first/out.txt"] = Path.Combine(run, "first", "out.txt") });
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_second_run_does_nothing_and_says_so()
    {
        Assert.Equal(2, Run());
        log.Lines.Clear();
        Assert.Equal(0, Run());

        Assert.Equal(["first: up to date", "second: up to date"], log.Lines);
        Assert.Equal((1, 1), (first.Runs, second.Runs));
    }

    [Fact]
    public void A_changed_input_does_its_stage_anew_and_those_after_it_only_where_the_outputs_differ()
    {
        Run();
        File.WriteAllText(folder.File("input.txt"), "other");
        first.Content = "always the same";
        second.Content = "x";
        log.Lines.Clear();
        Run();
        Assert.Equal("first: started, data.file has changed", log.Lines[0]);
        Assert.Equal((2, 2), (first.Runs, second.Runs));

        File.WriteAllText(folder.File("input.txt"), "third");
        Run();
        Assert.Equal((3, 2), (first.Runs, second.Runs));
    }

    [Fact]
    public void A_changed_setting_does_its_stage_anew()
    {
        Run();
        second.Setting = "2";
        log.Lines.Clear();
        Run();

        Assert.Equal("second: started, rate has changed", log.Lines[1]);
        Assert.Equal((1, 2), (first.Runs, second.Runs));
    }

    [Fact]
    public void A_missing_or_edited_output_is_made_anew()
    {
        Run();
        File.Delete(Path.Combine(folder.Path, "run", "second", "out.txt"));
        Run();
        Assert.Equal((1, 2), (first.Runs, second.Runs));

        File.WriteAllText(Path.Combine(folder.Path, "run", "first", "out.txt"), "edited by hand");
        Run();
        Assert.Equal(2, first.Runs);
    }

    [Fact]
    public void From_does_that_stage_and_the_later_ones_anew()
    {
        Run();
        Run(from: "second");

        Assert.Equal((1, 2), (first.Runs, second.Runs));
    }

    [Fact]
    public void Until_stops_after_that_stage()
    {
        Assert.Equal(1, Run(until: "first"));
        Assert.Equal((1, 0), (first.Runs, second.Runs));
    }

    [Fact]
    public void An_interrupted_stage_goes_on_where_it_can_and_starts_clean_where_it_cannot()
    {
        first.Fails = true;
        Assert.Throws<InvalidOperationException>(() => Run());
        first.Fails = false;
        log.Lines.Clear();
        Run();
        Assert.Equal("first: started", log.Lines[0]);
        Assert.False(first.FoundLeftovers);

        first.Resumable = true;
        first.Setting = "changed";
        first.Fails = true;
        Assert.Throws<InvalidOperationException>(() => Run());
        first.Fails = false;
        log.Lines.Clear();
        Run();
        Assert.Equal("first: resumed", log.Lines[0]);
        Assert.True(first.FoundLeftovers);
    }

    [Fact]
    public void An_interrupted_stage_with_other_settings_starts_clean()
    {
        first.Resumable = true;
        first.Fails = true;
        Assert.Throws<InvalidOperationException>(() => Run());
        first.Fails = false;
        first.Setting = "changed";
        Run();

        Assert.False(first.FoundLeftovers);
    }

    [Fact]
    public void A_folder_that_no_run_made_is_left_alone()
    {
        var mine = Path.Combine(folder.Path, "run", "first", "mine.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
        File.WriteAllText(mine, "precious");

        Assert.Contains("was not made by a run", Assert.Throws<LlamaxException>(() => Run()).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(mine));
    }

    [Theory]
    [InlineData("stage.json.4711.tmp", true)]
    [InlineData("mine.tmp", false)]
    [InlineData("notes.json.4711.tmp", false)]
    public void What_a_run_leaves_that_was_killed_before_its_first_record_is_no_ones_folder(string left, bool runs)
    {
        Directory.CreateDirectory(folder.File("run/first"));
        File.WriteAllText(folder.File($"run/first/{left}"), "{");

        if (runs)
        {
            Assert.Equal(2, Run());
        }
        else
        {
            Assert.Contains("was not made by a run", Assert.Throws<LlamaxException>(() => Run()).Message, StringComparison.Ordinal);
        }

        Assert.Equal(!runs, File.Exists(folder.File($"run/first/{left}")));
    }

    [Fact]
    public void A_resumed_stage_counts_the_time_at_work_alone_and_removes_unfinished_files()
    {
        first.Resumable = true;
        first.Fails = true;
        Assert.Throws<InvalidOperationException>(() => Run());
        var target = folder.File("run/first");
        File.WriteAllText(Path.Combine(target, "model.safetensors.4711.tmp"), "half");

        // As if it had begun ten days ago, and written its last file after 100 seconds.
        var began = DateTimeOffset.UtcNow.AddDays(-10);
        (StageRecord.Read(target)! with { Started = began, Resumed = began }).Write(target);
        foreach (var file in Directory.GetFiles(target))
        {
            File.SetLastWriteTimeUtc(file, began.UtcDateTime.AddSeconds(file.EndsWith("leftover", StringComparison.Ordinal) ? 100 : 1));
        }

        first.Fails = false;
        Run();
        var record = StageRecord.Read(target)!;
        Assert.InRange(record.ActiveSeconds, 100, 160);
        Assert.Equal((began, null), (record.Started, record.Resumed));
        Assert.NotEmpty(record.Machine!["processor"]);
        Assert.False(File.Exists(Path.Combine(target, "model.safetensors.4711.tmp")));
    }

    [Fact]
    public void A_second_run_in_the_same_folder_is_refused_and_a_dead_ones_lock_is_not_minded()
    {
        var run = folder.File("run");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, ".lock"), "999999");
        using (RunLock.Take(run))
        {
            var error = Assert.Throws<LlamaxException>(() => Run());
            Assert.Contains($"another run (process {Environment.ProcessId} on {Environment.MachineName}) is at work", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, Run());
    }

    [Fact]
    public void A_missing_input_is_named()
    {
        File.Delete(folder.File("input.txt"));

        Assert.Contains("input.txt: no such file (data.file)", Assert.Throws<LlamaxException>(() => Run()).Message, StringComparison.Ordinal);
    }

    /// <summary>Killed between two of the folders that outlive a change, and again while it goes on from there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_outlives_a_change_outlives_a_kill_while_the_rest_is_removed(bool shared)
    {
        Run();
        foreach (var work in new[] { "a.work", "b.work" })
        {
            Directory.CreateDirectory(folder.File($"run/first/{work}"));
            File.WriteAllText(folder.File($"run/first/{work}/piece"), work);
        }

        first.Setting = "changed";
        foreach (var kills in new[] { 2, 1 })
        {
            first.KilledAtOutdating = kills;
            Assert.Throws<InvalidOperationException>(() => Again());
        }

        first.KilledAtOutdating = 0;
        Again();

        Assert.Equal("a.work", File.ReadAllText(folder.File("run/first/a.work/piece")));
        Assert.Equal("b.work", File.ReadAllText(folder.File("run/first/b.work/piece")));
        Assert.Empty(Directory.GetDirectories(folder.File("run"), ".trash*"));
        Assert.Equal(!shared, File.Exists(folder.File("run/first/out.txt")));

        void Again()
        {
            if (shared)
            {
                new StageRunner(folder.File("run"), TimeProvider.System).BeginShared([], first, log, _ => { }, default);
            }
            else
            {
                Run();
            }
        }
    }

    [Fact]
    public void From_keeps_nothing_even_where_it_was_killed()
    {
        Run();
        Directory.CreateDirectory(folder.File("run/.trash-0123/a.work")); // Renamed to be removed with everything in it.
        Run(from: "second");

        Assert.False(Directory.Exists(folder.File("run/second/a.work")));
        Assert.Empty(Directory.GetDirectories(folder.File("run"), ".trash*"));
    }

    private int Run(string? from = null, string? until = null) =>
        new StageRunner(folder.File("run"), TimeProvider.System).Run([first, second], from, until, log, default);

    private sealed class FakeStage(string name, string run, Func<Dictionary<string, string>> inputs) : Stage
    {
        public int Runs { get; private set; }

        public string Setting { get; set; } = "1";

        public string? Content { get; set; }

        public bool Fails { get; set; }

        public bool Resumable { get; set; }

        public bool FoundLeftovers { get; private set; }

        /// <summary>At which call of <see cref="Outdate"/> the process ends; 0 for at none.</summary>
        public int KilledAtOutdating { get; set; }

        public override string Name => name;

        public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["rate"] = Setting };

        public override IReadOnlyDictionary<string, string> Inputs => inputs();

        public override IEnumerable<string> Outputs => ["out.txt"];

        public override bool CanResume => Resumable;

        public override bool Outlives(string name) => name.EndsWith(".work", StringComparison.Ordinal);

        public override void Outdate(string path)
        {
            if (--KilledAtOutdating == 0)
            {
                throw new InvalidOperationException("killed");
            }
        }

        public override void Run(IRunProgress progress, CancellationToken cancellation)
        {
            FoundLeftovers = File.Exists(Path.Combine(run, name, "leftover"));
            File.WriteAllText(Path.Combine(run, name, "leftover"), "");
            if (Fails)
            {
                throw new InvalidOperationException("killed");
            }

            Runs++;
            File.WriteAllText(Path.Combine(run, name, "out.txt"), Content ?? $"{Runs} {Setting}");
        }
    }

    private sealed class Log : IRunProgress
    {
        public List<string> Lines { get; } = [];

        public void StageSkipped(string stage) => Lines.Add($"{stage}: up to date");

        public void StageStarted(string stage, bool resumes, string? reason) =>
            Lines.Add($"{stage}: {(resumes ? "resumed" : "started")}{(reason is null ? "" : $", {reason}")}");

        public void StageFinished(string stage, TimeSpan elapsed)
        {
        }

        public void Note(string stage, string message)
        {
        }

        public void Advanced(string stage, string part, long done, long total, string detail)
        {
        }
    }
}
