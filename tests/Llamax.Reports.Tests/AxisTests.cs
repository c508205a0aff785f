using CsCheck;
using Llamax.Reports.Charts;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3, 1)]
    [InlineData(23.4, 25)]
    [InlineData(30, 30)]
    [InlineData(0.071, 0.08)]
    [InlineData(99, 100)]
    public void TheCeilingIsRound(double value, double expected) => Assert.Equal(expected, Axis.NiceCeiling(value), 1e-12);

    [Fact]
    public void TicksLieInsideAndAreFew() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-3, 1e6]).Sample((low, width) =>
    {
        var ticks = Axis.Ticks(low, low + width);
        return ticks.Count is >= 2 and <= 8 && ticks.All(tick => tick >= low - (1e-6 * width) && tick <= low + width + (1e-6 * width));
    });

    [Theory]
    [InlineData(1500, "1.5k")]
    [InlineData(2_000_000, "2M")]
    [InlineData(0.25, "0.25")]
    public void TicksAreShort(double value, string expected) => Assert.Equal(expected, Axis.Text(value));

    [Theory]
    [InlineData(0.04, "0.0")]
    [InlineData(-0.04, "0.0")]
    [InlineData(-1.25, "−1.3")]
    [InlineData(3, "+3.0")]
    public void DifferencesCarryTheirSign(double value, string expected) => Assert.Equal(expected, Format.Difference(value, "spBLEU"));

    [Theory]
    [InlineData(3.21, "3.2 s")]
    [InlineData(59, "59 s")]
    [InlineData(203, "3 min 23 s")]
    [InlineData(7260, "2 h 01 min")]
    public void DurationsAreReadable(double seconds, string expected) => Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));
}
