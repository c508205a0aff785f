using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Cli.Tests;

public sealed class TokenizerConvertCommandTests
{
    [Fact]
    public async Task A_list_becomes_a_model_and_the_model_a_tokenizer_json()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("list.vocab"), "<unk>\t0\n<s>\t0\n</s>\t0\n▁\t-2.5\nａ\t-9\na\t-3\nb\t-3\n▁ab\t-4.25\n");
        var (code, _, error) = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("list.vocab"), "--type", "unigram", "--normalizer", "nfkc", "--out", folder.File("x.model"));
        Assert.True(code == 0, error);
        Assert.Contains("x.model: 8 pieces", error, StringComparison.Ordinal);
        var tokenizer = SentencePieceTokenizer.Load(folder.File("x.model"));
        Assert.Equal([7, 3, 6, 5], tokenizer.Encode("ａb ba"));

        var json = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("x.model"), "--out", folder.File("tokenizer.json"));
        Assert.True(json.Code == 0, json.Error);
        Assert.Equal([7, 3, 6, 5], HuggingFaceTokenizer.Load(folder.File("tokenizer.json")).Encode("ａb ba"));

        var told = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("x.model"), "--type", "bpe", "--out", folder.File("again.json"));
        Assert.Equal(2, told.Code);
        Assert.Contains("Leave them out", told.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("again.json")));
    }

    [Fact]
    public async Task A_line_without_a_score_is_named()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("list.vocab"), "<unk>\t0\na\tmany\n");
        var (code, _, error) = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("list.vocab"), "--out", folder.File("x.model"));
        Assert.Equal(2, code);
        Assert.Contains($"{folder.File("list.vocab")}, line 2: 'many' is no score", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.model")));
    }
}
