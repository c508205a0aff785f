using System.Diagnostics;
using System.Text;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class TokenizeCommandTests
{
    private const string Text = "the cat sat\n\n  猫 😀\ta\rb\nno line feed at the end: naïve";

    [Fact]
    public void A_trained_tokenizer_gives_text_back_line_by_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("corpus.txt"), "the cat sat on the mat\nthe cats sat\n");
        var model = folder.File("tokenizer.model");
        var (code, _, errors) = Llamax("", "tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "280", "--out", model);
        Assert.True(code == 0, errors);

        // A folder is named as well as its file; ids come without BOS unless asked for.
        var plain = Llamax(Text, "tokenize", "--tokenizer", folder.Path).Output;
        Assert.Equal(4, plain.Split('\n').Length - 1);
        Assert.Equal("", plain.Split('\n')[1]);
        Assert.Equal(Text + "\n", Llamax(plain, "detokenize", "--tokenizer", model).Output);
        Assert.Equal("1 2\n", Llamax("\n", "tokenize", "--tokenizer", model, "--bos", "--eos").Output);
        Assert.Equal("<s> ▁the ▁ <0xE7> <0x8C> <0xAB>\n", Llamax("the 猫", "tokenize", "--tokenizer", model, "--bos", "--pieces").Output);

        // <0x0A> is id 13: a line break within a text does not shift the lines behind it.
        var a = Llamax("a", "tokenize", "--tokenizer", model).Output.Trim();
        Assert.Equal("a a\n", Llamax($"{a} 13 {a.Split(' ')[^1]}", "detokenize", "--tokenizer", model).Output);

        var (bad, _, message) = Llamax("1 2\n3 x\n", "detokenize", "--tokenizer", model);
        Assert.Equal(2, bad);
        Assert.Contains("line 2: 'x'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_said_with_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        var (code, _, message) = Llamax("", "tokenize", "--tokenizer", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("tokenizer.model", message, StringComparison.Ordinal);

        File.WriteAllText(folder.File("corpus.txt"), "abc\n");
        (code, _, message) = Llamax("", "tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "9999", "--out", folder.File("x.model"));
        Assert.Equal(2, code);
        Assert.Contains("Lower vocabulary_size", message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.model")));
    }

    [Fact]
    public void Lines_end_with_line_feeds_whatever_the_buffer_holds()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"line {i}{(i % 3 == 0 ? "\r" : "")}\n")) + "\n\rlast\r";
        string[] expected = [.. Enumerable.Range(0, 40_000).Select(i => $"line {i}"), "", "\rlast"];
        Assert.Equal(expected, StandardStreams.Lines(new StringReader(text)));
        Assert.Empty(StandardStreams.Lines(new StringReader("")));
    }

    private static (int Code, string Output, string Errors) Llamax(string input, params string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "llamax.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }
}
