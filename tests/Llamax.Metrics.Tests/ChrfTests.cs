namespace Llamax.Metrics.Tests;

public sealed class ChrfTests
{
    public static TheoryData<string> Names => [.. Reference.Cases("chrF").Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EqualsTheReference(string name)
    {
        var expected = Reference.Cases("chrF").Single(item => item.Name == name);
        var metric = new Chrf(expected.ChrfOptions);
        var score = metric.Corpus(expected.Hypotheses, expected.References);
        Assert.Equal(expected.Expected<double>("score"), score.Value, 1e-12);
        Assert.Equal(expected.Expected<string>("signature"), score.Signature);
        var sentences = metric.Sentences(expected.Hypotheses, expected.References);
        Assert.Equal(expected.Expected<double[]>("sentence_scores").Length, sentences.Count);
        Assert.All(
            expected.Expected<double[]>("sentence_scores").Zip(sentences),
            pair => Assert.Equal(pair.First, pair.Second.Value, 1e-12));
    }

    [Fact]
    public void CountsCharactersNotUtf16Units()
    {
        var score = (ChrfScore)new Chrf().Corpus(["𠮷😀"], ["𠮷😀"]);
        Assert.Equal([2, 1, 0, 0, 0, 0], score.Matches);
        Assert.Equal(100, score.Value);
    }

    [Fact]
    public void TheBestReferenceCounts()
    {
        var metric = new Chrf();
        var best = metric.Corpus(["a cat"], ["a cat"]).Value;
        Assert.Equal(best, metric.Corpus(["a cat"], ["the dog"], ["a cat"]).Value);
        Assert.Contains("nrefs:2|", metric.Corpus(["a cat"], ["the dog"], ["a cat"]).Signature);
    }

    [Fact]
    public void NothingInCommonIsZero()
    {
        Assert.Equal(0, new Chrf().Corpus(["abc"], ["xyz"]).Value);
        Assert.Equal(0, new Chrf().Corpus([""], ["xyz"]).Value);
        Assert.InRange(new Chrf(new ChrfOptions { EpsilonSmoothing = true }).Corpus(["abc"], ["xyz"]).Value, 0, 1e-10);
    }

    [Theory]
    [InlineData("(hi) there, a", "(hi|)|there|,|a")]
    [InlineData("\"no x' -", "\"|no|x|'|-")]
    public void WordsLoseOnePunctuationMark(string segment, string expected) =>
        Assert.Equal(expected.Split('|'), ChrfWords.Split(segment));
}
