using Llamax.Cli.Progress;

namespace Llamax.Cli.Tests.Progress;

public sealed class RunProgressTests
{
    [Fact]
    public void Redirected_progress_is_plain_lines_at_intervals()
    {
        var clock = new Clock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = RunProgress.Plain(output, clock);
        progress.StageSkipped("tokenizer");
        progress.StageStarted("data", resumes: false, "data.block_size has changed");
        progress.Note("data", "base: 10 entries");
        progress.StageFinished("data", TimeSpan.FromSeconds(1.25));
        progress.StageStarted("base", resumes: true, null);
        for (var step = 1; step <= 30; step++)
        {
            clock.Seconds++;
            progress.Advanced("base", "base model", step, 30, "loss 1.0");
        }

        progress.StageFinished("base", TimeSpan.FromSeconds(95));

        Assert.Equal(
            """
            tokenizer: up to date
            data: started anew, because data.block_size has changed
            data: base: 10 entries
            data: done in 1.2 s
            base: going on from where it was interrupted
            base: base model: 10 of 30 · loss 1.0
            base: base model: 20 of 30 · loss 1.0
            base: base model: 30 of 30 · loss 1.0
            base: done in 1:35 min

            """, output.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
