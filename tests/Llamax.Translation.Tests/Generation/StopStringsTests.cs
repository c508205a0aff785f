using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Tests.Generation;

public class StopStringsTests
{
    private static readonly Tokenizer Tokenizer = TokenizerFolder.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));

    [Theory]
    [InlineData("The house is old. The End of it", "The End")]
    [InlineData("one\n\ntwo", "\n\n")]
    [InlineData("Tea 茶 hot", "茶")]
    public void Text_ends_with_the_token_that_completes_a_string(string text, string stop)
    {
        var stops = new StopStrings(Tokenizer, ["never", stop]);
        var ids = Tokenizer.Encode(text, SpecialTokens.Text);
        var first = Enumerable.Range(1, ids.Length).First(count => stops.IsAtEnd(ids.AsSpan(0, count)));
        Assert.Contains(stop, Tokenizer.Decode(ids.AsSpan(0, first)), StringComparison.Ordinal);
        Assert.DoesNotContain(stop, Tokenizer.Decode(ids.AsSpan(0, first - 1)), StringComparison.Ordinal);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], stops.Cut(text));
        Assert.Equal("other", stops.Cut("other"));
    }

    [Fact]
    public void Empty_string_is_refused() =>
        Assert.Contains("empty", Assert.Throws<LlamaxException>(() => new StopStrings(Tokenizer, [""])).Message);
}
