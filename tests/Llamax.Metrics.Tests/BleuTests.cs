using Llamax.Metrics.Tokenization;

namespace Llamax.Metrics.Tests;

public sealed class BleuTests
{
    public static TheoryData<string> Names => [.. Reference.Cases("BLEU").Select(item => item.Name)];

    public static TheoryData<string> SentenceNames => [.. Reference.Cases("sentence-BLEU").Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EqualsTheReference(string name)
    {
        var expected = Reference.Cases("BLEU").Single(item => item.Name == name);
        var score = (BleuScore)new Bleu(expected.BleuOptions).Corpus(expected.Hypotheses, expected.References);
        Assert.Equal(expected.Expected<double>("score"), score.Value, 1e-12);
        Assert.Equal(expected.Expected<double[]>("counts"), score.Counts);
        Assert.Equal(expected.Expected<double[]>("totals"), score.Totals);
        Assert.Equal(expected.Expected<double[]>("precisions"), score.Precisions);
        Assert.Equal(expected.Expected<double>("bp"), score.BrevityPenalty, 1e-15);
        Assert.Equal(expected.Expected<int>("sys_len"), score.SystemLength);
        Assert.Equal(expected.Expected<int>("ref_len"), score.ReferenceLength);
        Assert.Equal(expected.Expected<string>("signature"), score.Signature);
        Assert.Equal(expected.Expected<string>("formatted"), score.ToString().Replace("spBLEU", "BLEU"));
    }

    [Theory]
    [MemberData(nameof(SentenceNames))]
    public void SentencesEqualTheReference(string name)
    {
        var expected = Reference.Cases("sentence-BLEU").Single(item => item.Name == name);
        var scores = new Bleu(expected.BleuOptions).Sentences(expected.Hypotheses, expected.References);
        Assert.Equal(expected.Expected<double[]>("scores").Length, scores.Count);
        Assert.All(expected.Expected<double[]>("scores").Zip(scores), pair => Assert.Equal(pair.First, pair.Second.Value, 1e-12));
    }

    [Fact]
    public void OneReferenceMayBeGivenAsItIs() =>
        Assert.Equal(100, new Bleu().Corpus(["the cat sat on the mat"], ["the cat sat on the mat"]).Value, 1e-9);

    [Theory]
    [InlineData(1, 2, "1 lines and reference 1 has 2")]
    [InlineData(0, 0, "no lines")]
    public void LineCountsMustAgree(int hypotheses, int references, string message) =>
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => new Bleu().Corpus(
            Enumerable.Repeat("a", hypotheses).ToArray(), Enumerable.Repeat("a", references).ToArray())).Message);

    [Fact]
    public void WithoutAReferenceThereIsNoScore() => Assert.Throws<LlamaxException>(() => new Bleu().Corpus(["a"]));

    [Fact]
    public void TheSignatureNamesTheSentencePieceModel()
    {
        var tokenizer = BleuTokenizer.SentencePieceFile(Reference.File("toy_spm.model"));
        Assert.Matches("^toy_spm-[0-9a-f]{8}$", tokenizer.Name);
        var metric = new Bleu(new BleuOptions { Tokenizer = tokenizer });
        Assert.Equal("spBLEU", metric.Name);
        Assert.Contains($"|tok:{tokenizer.Name}|", metric.Signature(1));
        Assert.Throws<LlamaxException>(() => BleuTokenizer.SentencePieceFile(Reference.File("toy_spm.model"), "a|b"));
    }
}
