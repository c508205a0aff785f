using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class LoopFinderTests
{
    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(3, 6, 3)]
    [InlineData(3, 5, 0)] // 15 tokens: a list may look like this.
    [InlineData(20, 3, 0)] // A sentence that comes three times is no circle yet.
    [InlineData(20, 4, 20)]
    public void A_circle_is_told_from_a_repetition(int period, int rounds, int expected)
    {
        int[] ids = [900, 901, .. Enumerable.Range(0, period * rounds).Select(i => i % period)];
        Assert.Equal(expected, LoopFinder.Period(ids));
    }

    [Fact]
    public void A_circle_that_was_left_is_none() => Assert.Equal(0, LoopFinder.Period([.. Enumerable.Repeat(5, 40), 7]));
}
