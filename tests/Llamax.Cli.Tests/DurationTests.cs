using Llamax.Cli.Commands;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(3599, "59:59")]
    [InlineData(93_784, "26:03:04")]
    [InlineData(1e300, "277777:46:40")]
    public void Hours_are_counted_beyond_a_day(double seconds, string expected) => Assert.Equal(expected, Duration.Of(seconds));

    [Fact]
    public async Task A_translation_says_how_far_it_is_within_a_group_and_how_long_the_rest_takes()
    {
        using var source = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abcdefghi\n", 100))));
        using var text = new StreamReader(source);
        var reader = new LineReader(text, "in");
        var clock = new StepClock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new TranslationProgress(source, reader, output, clock, live: true);
        for (var line = 0; line < 50; line++)
        {
            await reader.ReadAsync(TestContext.Current.CancellationToken);
        }

        progress.Begin(50);
        clock.Step(TimeSpan.FromDays(2));
        progress.Report(0.2);
        Assert.Equal("\r10 sentences  0.0 sentences/s  0 tokens/s  432:00:00 left   ", output.ToString());

        clock.Step(TimeSpan.FromMilliseconds(100));
        progress.Report(0.3); // Too soon to be shown.
        clock.Step(TimeSpan.FromDays(8));
        progress.Add(1, [.. Enumerable.Repeat(new TranslatedText("a", null, [new TranslationHypothesis("b", 0, 10_000_000, true)]), 50)]);
        progress.Finish();
        Assert.Equal(
            ["10 sentences  0.0 sentences/s  0 tokens/s  432:00:00 left   ", "50 sentences  0.0 sentences/s  579 tokens/s  240:00:00 left   ", "50 sentences  0.0 sentences/s  579 tokens/s  in 240:00:00   \n"],
            output.ToString()[1..].Split('\r'));
    }

    private sealed class StepClock : TimeProvider
    {
        private TimeSpan now = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Step(TimeSpan time) => now += time;
    }
}
