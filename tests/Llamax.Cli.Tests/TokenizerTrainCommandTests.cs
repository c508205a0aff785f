using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Tests;

public sealed class TokenizerTrainCommandTests
{
    // "caf" and a byte of ISO 8859-1 stand in line 2.
    private static readonly byte[] Corpus = [.. "the cat sat on the mat\ncaf"u8, 0xE9, .. "\nthe cats sat on mats\n"u8];

    [Theory]
    [InlineData("train")]
    [InlineData("extend")]
    public async Task Lines_that_are_not_UTF_8_fail_or_are_left_out_or_mended(string verb)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("corpus.txt"), Corpus);
        await File.WriteAllTextAsync(folder.File("base.txt"), "bcd efgh\n");
        string[] command = ["tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "278", "--out", folder.File("out.model")];
        if (verb == "extend")
        {
            var made = await CommandLine.RunAsync("", "tokenizer", "train", "--input", folder.File("base.txt"), "--vocabulary-size", "267", "--out", folder.File("base.model"));
            Assert.True(made.Code == 0, made.Error);
            command = ["tokenizer", "extend", "--base", folder.File("base.model"), "--corpus", folder.File("corpus.txt"), "--new-tokens", "2", "--any-script", "--min-count", "1", "--out", folder.File("out")];
        }

        var (code, _, error) = await CommandLine.RunAsync("", command);
        Assert.Equal(2, code);
        Assert.Contains($"{folder.File("corpus.txt")}, line 2: byte 4 is no UTF-8", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("out.model")) || Directory.Exists(folder.File("out")));

        var skipped = await CommandLine.RunAsync("", [.. command, "--invalid-utf8", "skip"]);
        Assert.True(skipped.Code == 0, skipped.Error);
        Assert.Contains("1 line was not UTF-8 and was left out", skipped.Error, StringComparison.Ordinal);

        var mended = await CommandLine.RunAsync("", [.. command, "--invalid-utf8", "replace"]);
        Assert.True(mended.Code == 0, mended.Error);
        Assert.Contains("1 line was not UTF-8 and was mended with U+FFFD", mended.Error, StringComparison.Ordinal);

        var unknown = await CommandLine.RunAsync("", [.. command, "--invalid-utf8", "guess"]);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("guess: expected is fail, skip or replace.", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unigram_model_is_trained_on_normalised_text()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("corpus.txt"), "ＴＨＥ cat sat on the ﬁne mat\nthe cats sat on ﬁne mats\n");
        var (code, _, error) = await CommandLine.RunAsync("", "tokenizer", "train", "--type", "unigram", "--normalizer", "nfkc_cf",
            "--input", folder.File("corpus.txt"), "--vocabulary-size", "272", "--out", folder.File("x.model"), "--tokenizer-json", folder.File("tokenizer.json"));
        Assert.True(code == 0, error);
        Assert.Contains("x.model: 272 pieces", error, StringComparison.Ordinal);
        var tokenizer = SentencePieceTokenizer.Load(folder.File("x.model"));
        Assert.Equal(tokenizer.Encode("the fine cat"), tokenizer.Encode("ＴＨＥ ﬁne CAT"));
        Assert.Contains("\"Unigram\"", await File.ReadAllTextAsync(folder.File("tokenizer.json")), StringComparison.Ordinal);

        // Log-probabilities stand beside the pieces: one a line, in the order of ids.
        var list = await File.ReadAllLinesAsync(folder.File("x.vocab"));
        Assert.Equal(272, list.Length);
        Assert.Contains(list, line => line.Contains("\t-2.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sentences_are_limited_in_number_and_length()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("corpus.txt"), "abab abab\n" + string.Concat(Enumerable.Repeat("xyxyxyxyxyxyxyxyxyxyxyxyxy", 3)) + "\n");
        string[] command = ["tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "263", "--out", folder.File("x.model")];
        var limited = await CommandLine.RunAsync("", [.. command, "--max-sentence-bytes", "20"]);
        Assert.True(limited.Code == 0, limited.Error);
        var tokenizer = SentencePieceTokenizer.Load(folder.File("x.model"));
        Assert.NotNull(tokenizer.PieceToId("ab"));
        Assert.Null(tokenizer.PieceToId("x"));

        // Of five hundred sentences with a letter each, ten are drawn.
        await File.WriteAllLinesAsync(folder.File("corpus.txt"), Enumerable.Range(0, 500).Select(i => ((char)(0x4E00 + i)).ToString()));
        command[5] = "270";
        var drawn = await CommandLine.RunAsync("", [.. command, "--max-sentences", "10", "--character-coverage", "1"]);
        Assert.True(drawn.Code == 0, drawn.Error);
        tokenizer = SentencePieceTokenizer.Load(folder.File("x.model"));
        Assert.Equal(10, Enumerable.Range(0, 500).Count(i => tokenizer.PieceToId(((char)(0x4E00 + i)).ToString()) is not null));
    }

    [Fact]
    public async Task Options_that_do_not_go_together_are_refused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("corpus.txt"), "the cat\n");
        string[] command = ["tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "270", "--out", folder.File("x.model")];
        var seeds = await CommandLine.RunAsync("", [.. command, "--seed-pieces", "1000"]);
        Assert.Equal(2, seeds.Code);
        Assert.Contains("--seed-pieces belongs to --type unigram", seeds.Error, StringComparison.Ordinal);
        var normalizer = await CommandLine.RunAsync("", [.. command, "--normalizer", "nfd"]);
        Assert.Equal(2, normalizer.Code);
        Assert.Contains("nfd: expected is identity, nfkc, nmt_nfkc", normalizer.Error, StringComparison.Ordinal);
    }
}
