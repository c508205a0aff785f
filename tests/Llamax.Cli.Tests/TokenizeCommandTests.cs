using System.Buffers;
using System.Diagnostics;
using System.Text;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Tests;

public sealed class TokenizeCommandTests
{
    private const string Text = "the cat sat\n\n  猫 😀\ta\rb\nno line feed at the end: naïve";

    [Fact]
    public async Task A_tokenizer_is_named_as_its_model_was_pulled()
    {
        using var folder = new TemporaryFolder();
        var snapshot = folder.File($"models--org--small/snapshots/{new string('a', 40)}");
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(folder.File("models--org--small/refs"));
        File.WriteAllText(folder.File("models--org--small/refs/main"), new string('a', 40));
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors"), "");
        File.Copy(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), Path.Combine(snapshot, "tokenizer.model"));
        (string, string)[] cache = [("HF_HUB_CACHE", folder.Path)];
        var expected = await CommandLine.RunAsync("Tea is hot.\n", "tokenize", "--tokenizer", snapshot);
        Assert.True(expected.Code == 0, expected.Error);
        Assert.Equal(expected.Out, (await CommandLine.RunAsync(cache, "Tea is hot.\n", "tokenize", "--tokenizer", "org/small")).Out);
        Assert.Equal("Tea is hot.\n", (await CommandLine.RunAsync(cache, expected.Out, "detokenize", "--tokenizer", "org/small")).Out);
        File.WriteAllText(folder.File("x.en.txt"), "a b\n");
        File.WriteAllText(folder.File("x.fr.txt"), "a b\n");
        var fertility = await CommandLine.RunAsync(cache, "", "tokenizer", "fertility", "--tokenizer", "org/small", "--data", "x.{language}.txt", "--root", folder.Path);
        Assert.True(fertility.Code == 0, fertility.Error);

        foreach (var arguments in new string[][]
        {
            ["tokenize", "--tokenizer", "org/other"],
            ["model", "convert", "org/other", folder.File("out")],
            ["evaluate", folder.File("x.{language}.txt"), "--system", "a=org/other", "--out", folder.File("out")],
            ["tokenizer", "extend", "--base", "org/other", "--corpus", folder.File("x.en.txt"), "--new-tokens", "1", "--out", folder.File("out")],
        })
        {
            var absent = await CommandLine.RunAsync(cache, "", arguments);
            Assert.Equal(2, absent.Code);
            Assert.Contains("`llamax pull org/other` loads it", absent.Error, StringComparison.Ordinal);
        }

        Assert.Contains("there is no such tokenizer", (await CommandLine.RunAsync(cache, "", "tokenize", "--tokenizer", "other.model")).Error, StringComparison.Ordinal);
    }

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
        // Lines of all lengths, one longer than the buffer, bytes that are no UTF-8, and no line feed at the end.
        var lines = Enumerable.Range(0, 40_000).Select(i => Encoding.UTF8.GetBytes($"line {i}{(i % 3 == 0 ? "\r" : "")}"))
            .Append([]).Append([0xff, 0, 0xe4, 0xb8]).Append(new byte[1_000_000]).Append("\rlast\r"u8.ToArray()).ToArray();
        using var input = new MemoryStream([.. lines.SelectMany((line, i) => i < lines.Length - 1 ? line.Append((byte)'\n') : line)]);
        using var output = new MemoryStream();
        var seen = new List<byte[]>();
        StandardStreams.Transform(
            input, output,
            (line, number, answer) =>
            {
                seen.Add(line.ToArray());
                Assert.Equal(seen.Count, number);
                answer.Write(line);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(lines, seen);
        Assert.Equal([.. input.ToArray(), (byte)'\n'], output.ToArray());
    }

    [Fact]
    public void A_folders_frame_special_tokens_and_disagreeing_files()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Shared.Path("fixtures", "tokenizers", "uni_nfkc.model"), folder.File("sentencepiece.bpe.model"));
        File.WriteAllText(folder.File("tokenizer_config.json"), """{ "tokenizer_class": "NllbTokenizer" }""");
        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "t5_uni.model"), folder.File("tokenizer.json"));
        var (code, output, note) = Llamax("the</s>", "tokenize", "--tokenizer", folder.Path, "--frame", "--language", "en", "--pieces");
        Assert.Equal((0, "eng_Latn ▁ t he </s> </s>\n"), (code, output));
        Assert.Contains("took sentencepiece.bpe.model; tokenizer.json says something else", note, StringComparison.Ordinal);
        File.Delete(folder.File("tokenizer.json"));

        (code, output, note) = Llamax("the</s>", "tokenize", "--tokenizer", folder.Path, "--special", "text");
        Assert.Equal((0, ""), (code, note));
        Assert.DoesNotContain("2", output.Split(' '));
        Assert.Equal((2, ""), Llamax("", "tokenize", "--tokenizer", folder.Path, "--frame") is var (missing, nothing, _) ? (missing, nothing) : default);
        Assert.Contains("give --frame too", Llamax("", "tokenize", "--tokenizer", folder.Path, "--language", "en").Errors, StringComparison.Ordinal);
        Assert.Contains("leave out --bos", Llamax("", "tokenize", "--tokenizer", folder.Path, "--frame", "--bos").Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    [InlineData("fixtures/tokenizers/uni_nfkc.model")]
    public void Bytes_of_every_kind_come_out_as_spm_encode_has_them(string model)
    {
        var program = Shared.Program("spm_encode", "sentencepiece");
        var file = Shared.Path(model);
        byte[][] fragments =
        [
            .. new[] { " ", "  ", "\r", "\t", "\0", "é", "中文", "the", " the", "<s>", "▁", "😀", "12", "ﬁ", "\ufeff", "\ufffd", "\n", "\n" }.Select(Encoding.UTF8.GetBytes),
            [0xff], [0xc3], [0xe4, 0xb8], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0x80], [0xf0, 0x9f],
        ];
        var random = new RandomStream(11, "tokenize", "bytes");
        byte[] input = [.. Enumerable.Range(0, 20_000).SelectMany(_ => fragments[random.Next(fragments.Length)]), 0xe4];
        foreach (var (ours, theirs) in new[] { ("", "id"), ("--pieces", "piece") })
        {
            Assert.Equal(
                Run(program, input, $"--model={file}", $"--output_format={theirs}"),
                Run("dotnet", input, [Path.Combine(AppContext.BaseDirectory, "llamax.dll"), "tokenize", "--tokenizer", file, .. ours.Length > 0 ? new[] { ours } : []]));
        }
    }

    private static byte[] Run(string program, byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var reading = Task.Run(() => process.StandardOutput.BaseStream.CopyTo(output));
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        reading.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
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
