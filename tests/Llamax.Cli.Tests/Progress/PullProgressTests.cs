using Llamax.Cli.Progress;

namespace Llamax.Cli.Tests.Progress;

public sealed class PullProgressTests
{
    [Fact]
    public void Plain_lines_come_at_intervals_with_rate_and_time_left()
    {
        var clock = new StepClock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PullProgress(output, clock, live: false);
        progress.Planned(2, 30_000_000, 5_000_000);
        for (var second = 0; second < 20; second++)
        {
            clock.Step(TimeSpan.FromSeconds(1));
            progress.Advanced(1_000_000);
        }

        progress.Note("a.bin: no byte came for 30 seconds; trying again in 1 s");
        progress.Finished("a.bin", isChecked: true);
        clock.Step(TimeSpan.FromSeconds(5));
        progress.Advanced(5_000_000);
        progress.Finished("b.bin", isChecked: true);
        progress.Finish();
        Assert.Equal(
            """
            2 files to load, 30.0 MB, 5.0 MB of it here from an earlier attempt
            0 of 2 files · 15.0 MB of 30.0 MB · 1.0 MB/s · 0:15 left
            0 of 2 files · 25.0 MB of 30.0 MB · 1.0 MB/s · 0:05 left
            a.bin: no byte came for 30 seconds; trying again in 1 s
            2 files loaded and checked: 25.0 MB in 0:25 (1.0 MB/s)

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Fact]
    public void A_live_line_is_written_over_and_wiped()
    {
        var clock = new StepClock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PullProgress(output, clock, live: true);
        progress.Planned(1, 2_000_000_000, 0);
        clock.Step(TimeSpan.FromSeconds(1));
        progress.Advanced(1_000_000);
        progress.Note("hm");
        Assert.Equal("1 file to load, 2.00 GB\n\r0 of 1 files · 1.0 MB of 2.00 GB · 1.0 MB/s · 33:19 left\rhm" + new string(' ', 54) + "\n", output.ToString());
    }

    [Fact]
    public void What_could_not_be_checked_is_counted()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PullProgress(output, new StepClock(), live: false);
        progress.Finished("a.bin", isChecked: false);
        progress.Finished("b.bin", isChecked: true);
        progress.Finish();
        Assert.StartsWith("2 files loaded, 1 of them not checkable: ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_load_is_said()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PullProgress(output, new StepClock(), live: false);
        progress.Planned(0, 0, 0);
        progress.Finish();
        Assert.Equal("everything was there\n", output.ToString());
    }

    private sealed class StepClock : TimeProvider
    {
        private TimeSpan now = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Step(TimeSpan time) => now += time;
    }
}
