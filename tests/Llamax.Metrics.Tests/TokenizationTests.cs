using CsCheck;
using Llamax.Metrics.Tokenization;

namespace Llamax.Metrics.Tests;

public sealed class TokenizationTests
{
    [Theory]
    [InlineData("13a")]
    [InlineData("intl")]
    [InlineData("char")]
    [InlineData("zh")]
    [InlineData("none")]
    [InlineData("flores101")]
    public void EqualsTheReference(string name)
    {
        var tokenizer = Reference.Tokenizer(name);
        Assert.Equal(name, tokenizer.Name);
        Assert.All(Reference.TokenizerOutputs(name), expected => Assert.Equal(
            string.Join(' ', Whitespace.Split(expected.Tokens)), string.Join(' ', tokenizer.Tokenize(expected.Line))));
    }

    [Theory]
    [InlineData("13a", "a.b 3.5 1,000, 2-3 x-y", "a . b 3.5 1,000 , 2 - 3 x-y")]
    [InlineData("13a", "&quot;Q&amp;A&quot; &lt;b&gt;<skipped>", "\" Q & A \" < b >")]
    [InlineData("13a", "a..b", "a . . b")]
    [InlineData("intl", "x。😀y 3.5 “q”", "x 。 😀 y 3.5 “ q ”")]
    [InlineData("zh", "价格—3.5元𠮷a", "价 格 — 3.5 元 𠮷a")]
    [InlineData("char", "a 𠮷b", "a 𠮷 b")]
    [InlineData("none", "a\u001cb\u00a0c", "a b c")]
    public void FollowsTheRules(string name, string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', BleuTokenizer.Find(name).Tokenize(line)));

    [Fact]
    public void NoTokenIsEmptyAndNoneHoldsWhiteSpace() => Gen.String.Sample(line =>
        BleuTokenizer.Named.All(tokenizer => tokenizer.Tokenize(line).All(token =>
            token.Length > 0 && !token.Any(c => Whitespace.Is(c)))));

    [Fact]
    public void AnUnknownTokenizerIsNamedWithTheKnown() =>
        Assert.Contains("13a, intl, char, zh, none", Assert.Throws<LlamaxException>(() => BleuTokenizer.Find("14a")).Message);

    [Theory]
    [InlineData("ABC Äß", "abc äß")]
    [InlineData("İX", "i\u0307x")]
    [InlineData("ΟΔΟΣ ΣΑΣ. Σ", "οδος σας. σ")]
    public void LowerCaseFollowsUnicode(string text, string expected) => Assert.Equal(expected, Casing.Lower(text));
}
