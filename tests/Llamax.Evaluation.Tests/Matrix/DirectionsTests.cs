using Llamax.Evaluation.Matrix;

namespace Llamax.Evaluation.Tests.Matrix;

public sealed class DirectionsTests
{
    [Theory]
    [InlineData("*-*", "en-fr en-ta fr-en fr-ta ta-en ta-fr")]
    [InlineData("en-*", "en-fr en-ta")]
    [InlineData("*-en", "fr-en ta-en")]
    [InlineData("*-en en-*", "en-fr en-ta fr-en ta-en")]
    [InlineData("ta-fr ta-fr", "ta-fr")]
    public void Patterns_choose_directions_in_the_languages_order(string patterns, string directions) =>
        Assert.Equal(directions, string.Join(' ', Directions.Select(patterns.Split(' '), ["en", "fr", "ta"]).Select(d => $"{d.Source}-{d.Target}")));

    [Theory]
    [InlineData("en")]
    [InlineData("en-")]
    [InlineData("en-fr-ta")]
    [InlineData("en-de")]
    [InlineData("en-en")]
    public void A_pattern_that_chooses_nothing_is_refused(string pattern) =>
        Assert.Contains($"'{pattern}'", Assert.Throws<LlamaxException>(() => Directions.Select([pattern], ["en", "fr"])).Message, StringComparison.Ordinal);
}
