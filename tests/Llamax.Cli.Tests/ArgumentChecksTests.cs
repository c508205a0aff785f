using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class ArgumentChecksTests
{
    [Fact]
    public async Task What_is_read_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        string corpus = folder.File("x.vocab"), model = folder.File("tokenizer.model");
        await File.WriteAllTextAsync(corpus, "the cat sat on the mat\n", TestContext.Current.CancellationToken);
        await Refused("is read and would be written over", "tokenizer", "train", "--input", corpus, "--vocabulary-size", "275", "--out", folder.File("x.model"));
        Assert.Equal("the cat sat on the mat\n", await File.ReadAllTextAsync(corpus, TestContext.Current.CancellationToken));

        var trained = await CommandLine.RunAsync("", "tokenizer", "train", "--input", corpus, "--vocabulary-size", "275", "--out", model);
        Assert.True(trained.Code == 0, trained.Error);
        var before = await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken);
        await Refused("is read and would be written over", "tokenizer", "convert", model, "--out", Path.Combine(folder.Path, ".", "tokenizer.model"));
        await Refused("is read and would be written over", "tokenizer", "convert", folder.File("tokenizer.vocab"), "--normalizer-from", model, "--out", model);
        await Refused("is read and would be written over", "tokenizer", "extend", "--base", folder.Path, "--corpus", corpus, "--new-tokens", "1", "--any-script", "--out", folder.Path);
        Assert.Equal(before, await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken));
        File.CreateSymbolicLink(folder.File("link"), "tokenizer.model");
        await Refused("is read and would be written over", "tokenizer", "convert", model, "--out", folder.File("link"));
        await Refused("x.vocab would be written twice", "tokenizer", "train", "--input", model, "--vocabulary-size", "275", "--out", folder.File("other/x.model"), "--tokenizer-json", folder.File("other/x.vocab"));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_said_to_be_one()
    {
        using var folder = new TemporaryFolder();
        var corpus = folder.File("corpus.txt");
        await File.WriteAllTextAsync(corpus, "the cat sat on the mat\n", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.File("dir.model"));
        await Refused("this is a folder; name files", "tokenizer", "train", "--input", folder.Path, "--vocabulary-size", "275", "--out", folder.File("x.model"));
        await Refused("dir.model is a folder. Name a file to write", "tokenizer", "train", "--input", corpus, "--vocabulary-size", "275", "--out", folder.File("dir.model"));
        await Refused("corpus.txt is a file, no folder", "tokenizer", "train", "--input", corpus, "--vocabulary-size", "275", "--out", corpus + "/x.model");
        Assert.Equal(["corpus.txt", "dir.model"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_option_that_would_do_nothing_is_refused()
    {
        await Refused("--normalizer is what --normalizer-from takes", "tokenizer", "convert", "list", "--out", "o", "--normalizer", "nfkc", "--normalizer-from", "m");
        string[] extend = ["tokenizer", "extend", "--base", "b", "--corpus", "c", "--new-tokens", "1", "--out", "o"];
        foreach (var (option, value) in new[] { ("--init", "mean"), ("--noise-scale", "1"), ("--seed", "1"), ("--pad-to-multiple-of", "8") })
        {
            await Refused($"{option} is about the rows of --model", [.. extend, option, value]);
        }

        await Refused("--seed draws sentences", "tokenizer", "train", "--input", Path.Combine(AppContext.BaseDirectory, "llamax.deps.json"), "--vocabulary-size", "270", "--out", "o.model", "--seed", "1");
        await Refused("--noise-scale belongs to --init subwords+noise", [.. extend, "--model", "m", "--init", "mean", "--noise-scale", "1"]);
    }

    private static async Task Refused(string message, params string[] arguments)
    {
        var (code, _, error) = await CommandLine.RunAsync("", arguments);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
