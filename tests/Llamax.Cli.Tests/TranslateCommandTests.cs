using System.Text.Json;
using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Tests;

public sealed class TranslateCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_line_comes_out_per_line_in_and_a_file_goes_on_where_it_stopped()
    {
        var model = MakeModel();
        File.WriteAllText(folder.File("in"), "Tea is hot.\n\nThe house\r\n1, 2, 3\n");
        string[] common = ["translate", "--model", model, "--from", "en", "--to", "zh", "--max-new-tokens", "6"];
        var (code, printed, error) = await CommandLine.RunAsync("", [.. common, folder.File("in")]);
        Assert.True(code == 0, error);
        var lines = printed.Split('\n');
        Assert.Equal(("", "1, 2, 3", "", 5), (lines[1], lines[3], lines[4], lines.Length));
        Assert.Contains("4 sentences", error);

        var output = folder.File("out");
        Assert.Equal(0, (await CommandLine.RunAsync("", [.. common, folder.File("in"), "--output", output])).Code);
        Assert.Equal(printed, File.ReadAllText(output));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.partial*"));

        // A run that stops in the middle leaves its settings; put beside them what a crash leaves, whole lines and half a one.
        var input = folder.File("long");
        File.WriteAllText(input, $"x\nTea is hot.\n{new string('w', (1 << 20) + 1)}\n");
        var tooLong = await CommandLine.RunAsync("", [.. common, input, "--output", output]);
        Assert.Equal((2, true), (tooLong.Code, tooLong.Error.Contains("long:3: the line has more than")));
        Assert.Equal(printed, File.ReadAllText(output));
        File.WriteAllText(output + ".partial", "what was there\nhalf");
        var other = await CommandLine.RunAsync("", [.. common, input, "--output", output, "--beams", "2"]);
        Assert.Equal((2, true), (other.Code, other.Error.Contains("begun with other settings: --beams was 4 and is 2 now. Give the same")));
        Assert.Single(other.Error.TrimEnd().Split('\n'), line => line.StartsWith("llamax:", StringComparison.Ordinal));
        var (length, time) = (new FileInfo(input).Length, File.GetLastWriteTimeUtc(input));
        File.WriteAllText(input, "x\nTea is hot.\n\n" + string.Concat(Enumerable.Repeat($"{new string(' ', 999)}\n", ((int)length - 20) / 1000)).PadRight((int)length - 15, '\n'));
        File.SetLastWriteTimeUtc(input, time);
        var resumed = await CommandLine.RunAsync("", [.. common, input, "--output", output]);
        Assert.Contains("continuing behind line 1", resumed.Error);
        Assert.StartsWith($"what was there\n{lines[0]}\n\n", File.ReadAllText(output));
        Assert.Equal(File.ReadAllLines(input).Length, File.ReadAllLines(output).Length);
    }

    [Fact]
    public async Task Json_has_a_score_per_line()
    {
        var (code, printed, error) = await CommandLine.RunAsync(
            "Tea is hot.\n", "translate", "--model", MakeModel(), "--from", "fr", "--to", "zh", "--via", "en", "--max-new-tokens", "6", "--json");
        Assert.True(code == 0, error);
        var line = JsonDocument.Parse(Assert.Single(printed.TrimEnd('\n').Split('\n'))).RootElement;
        Assert.Equal("Tea is hot.", line.GetProperty("source").GetString());
        Assert.True(line.GetProperty("pivot").GetString()!.Length >= 0);
        Assert.True(line.GetProperty("score").GetDouble() < 0);
    }

    [Fact]
    public async Task Branches_are_named_and_chosen_by_the_flow()
    {
        LegoFolder.Write(folder);
        LegoFolder.WriteBranch(folder.File("decoder_zh.pt"), (name, weight) => name.EndsWith("fc2.weight", StringComparison.Ordinal) ? -weight : weight);
        string[] common = ["translate", "--model", folder.Path, "--from", "de", "--to", "zh", "--max-new-tokens", "6", "--beams", "1"];
        var own = await CommandLine.RunAsync("Tea is hot.\n", common);
        Assert.True(own.Code == 0, own.Error);
        Assert.Contains("translating with encoder_main.pt and decoder_zh.pt", own.Error);
        var mix = await CommandLine.RunAsync("Tea is hot.\n", [.. common, "--flow", "mix"]);
        Assert.Contains("translating with encoder_main.pt and decoder_m2m.pt", mix.Error);
        Assert.NotEqual(own.Out, mix.Out);
        var (code, printed, error) = await CommandLine.RunAsync("Tea is hot.\n", [.. common, "--flow", "enc"]);
        Assert.Equal((2, ""), (code, printed));
        Assert.Contains("there is no encoder_de.pt, which the flow 'enc' needs", error);

        var info = await CommandLine.RunAsync("", "model", "info", folder.Path);
        Assert.True(info.Code == 0, info.Error);
        Assert.Contains("lego_mt (Lego-MT), untested", info.Out);
        Assert.Contains("encoder_main.pt; decoder_m2m.pt, decoder_zh.pt", info.Out);
        Assert.Contains("tokenizer    344 entries", info.Out);
    }

    [Fact]
    public async Task Generate_goes_on_from_a_prompt()
    {
        var model = MakeModel();
        var (code, printed, error) = await CommandLine.RunAsync("", "generate", "--model", model, "--prompt", "Tea", "--max-new-tokens", "6");
        Assert.True(code == 0, error);
        Assert.EndsWith("\n", printed);
        Assert.Equal(printed, (await CommandLine.RunAsync("Tea\n", "generate", "--model", model, "--max-new-tokens", "6")).Out);
    }

    [Fact]
    public async Task Generate_draws_where_it_is_told_how()
    {
        string[] common = ["generate", "--model", MakeModel(), "--prompt", "Tea", "--max-new-tokens", "6"];
        var greedy = (await CommandLine.RunAsync("", common)).Out;
        var first = await CommandLine.RunAsync("", [.. common, "--temperature", "1.5", "--seed", "7"]);
        Assert.True(first.Code == 0, first.Error);
        Assert.Equal(first.Out, (await CommandLine.RunAsync("", [.. common, "--temperature", "1.5", "--seed", "7"])).Out);
        Assert.NotEqual(first.Out, (await CommandLine.RunAsync("", [.. common, "--temperature", "1.5", "--seed", "8"])).Out);
        Assert.Equal(greedy, (await CommandLine.RunAsync("", [.. common, "--top-k", "1"])).Out);
        Assert.Equal(greedy, (await CommandLine.RunAsync("", [.. common, "--top-p", "0"])).Out);
        foreach (var (arguments, message) in new (string[], string)[]
        {
            (["--top-p", "1.5"], "--top-p 1.5: expected is a number from 0 to 1."), (["--temperature", "NaN"], "--temperature NaN: expected"), (["--seed", "1", "--beams", "2"], "--beams"),
        })
        {
            var (code, printed, error) = await CommandLine.RunAsync("", [.. common, .. arguments]);
            Assert.Equal((2, ""), (code, printed));
            Assert.Contains(message, error);
        }
    }

    [Fact]
    public async Task Translations_are_drawn_where_it_is_told_how()
    {
        string[] common = ["translate", "--model", MakeModel(), "--from", "en", "--to", "zh", "--max-new-tokens", "6", "--loop-ngram", "0"];
        const string Text = "Tea is hot.\nThe house\n";
        var greedy = (await CommandLine.RunAsync(Text, [.. common, "--beams", "1"])).Out;
        var first = await CommandLine.RunAsync(Text, [.. common, "--temperature", "1.5", "--seed", "7"]);
        Assert.True(first.Code == 0, first.Error);
        Assert.NotEqual(greedy, first.Out);
        Assert.Equal(first.Out, (await CommandLine.RunAsync(Text, [.. common, "--temperature", "1.5", "--seed", "7", "--batch-tokens", "1"])).Out);
        Assert.NotEqual(first.Out, (await CommandLine.RunAsync(Text, [.. common, "--temperature", "1.5", "--seed", "8"])).Out);
        Assert.Equal(greedy, (await CommandLine.RunAsync(Text, [.. common, "--top-k", "1"])).Out);
    }

    [Theory]
    [InlineData("--early-stopping decides between beams, and --temperature", "--temperature", "1", "--early-stopping", "true")]
    [InlineData("--length-penalty decides between beams, and --temperature", "--seed", "1", "--length-penalty", "1")]
    [InlineData("--length-penalty decides between beams, and there is one", "--beams", "1", "--length-penalty", "2")]
    [InlineData("--early-stopping decides between beams, and there is one", "--beams", "1", "--early-stopping", "never")]
    [InlineData("--beams searches", "--beams", "4", "--top-p", "0.5")]
    public async Task Options_that_would_do_nothing_are_refused(string message, params string[] options)
    {
        foreach (var verb in new string[][] { ["translate", "--from", "en", "--to", "zh"], ["generate"] })
        {
            await Refused(message, [.. verb, "--model", folder.Path, .. options]);
        }
    }

    [Fact]
    public async Task Options_of_another_mode_are_refused()
    {
        await Refused("--n-best says how many hypotheses --json prints", "translate", "--model", folder.Path, "--from", "en", "--to", "zh", "--n-best", "2");
        await Refused("--early-stopping decides between beams, and there is one", "generate", "--model", folder.Path, "--early-stopping", "true");
        File.WriteAllText(folder.File("prompt"), "Tea");
        await Refused("Both --prompt and a file", "generate", "--model", folder.Path, "--prompt", "Tea", folder.File("prompt"));
    }

    private static async Task Refused(string message, params string[] arguments)
    {
        var (code, printed, error) = await CommandLine.RunAsync("", arguments);
        Assert.Equal((2, ""), (code, printed));
        Assert.Contains(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_prompts_file_loses_its_last_line_end_and_nothing_else()
    {
        string[] common = ["generate", "--model", MakeModel(), "--max-new-tokens", "6", "--temperature", "1.5"];
        foreach (var (content, prompt) in new[] { ("Tea\r\n", "Tea"), ("Tea\n\n", "Tea\n") })
        {
            File.WriteAllText(folder.File("prompt"), content);
            var expected = await CommandLine.RunAsync("", [.. common, "--prompt", prompt]);
            Assert.True(expected.Code == 0, expected.Error);
            Assert.Equal(expected.Out, (await CommandLine.RunAsync("", [.. common, folder.File("prompt")])).Out);
            Assert.Equal(expected.Out, (await CommandLine.RunAsync(content, common)).Out);
        }
    }

    [Fact]
    public async Task Files_of_the_user_that_are_called_as_an_unfinished_output_stay_as_they_are()
    {
        string[] common = ["translate", "--model", MakeModel(), "--from", "en", "--to", "zh", "--max-new-tokens", "6", "--output", folder.File("z")];
        File.WriteAllText(folder.File("z.partial"), "Tea is hot.\n");
        File.WriteAllText(folder.File("in"), "The house\n");
        foreach (var (input, message) in new[] { ("z.partial", "would write over it"), ("in", "z.partial.settings is missing") })
        {
            var (code, printed, error) = await CommandLine.RunAsync("", [.. common, folder.File(input)]);
            Assert.Equal((2, ""), (code, printed));
            Assert.Contains(message, error);
            Assert.Equal("Tea is hot.\n", File.ReadAllText(folder.File("z.partial")));
        }

        Assert.Equal(2, (await CommandLine.RunAsync("4\n", common)).Code);
        Assert.Equal("Tea is hot.\n", File.ReadAllText(folder.File("z.partial")));
    }

    [Fact]
    public async Task Behind_a_link_a_changed_input_is_noticed()
    {
        string[] arguments = ["translate", "--model", MakeModel(), "--from", "en", "--to", "zh", folder.File("link"), "--output", folder.File("z")];
        File.CreateSymbolicLink(folder.File("link"), "in");
        File.WriteAllText(folder.File("in"), $"1\n{new string('w', (1 << 20) + 1)}\n");
        Assert.Contains("the line has more than", (await CommandLine.RunAsync("", arguments)).Error);
        File.WriteAllText(folder.File("z.partial"), "1\n");
        File.WriteAllText(folder.File("in"), "2\n3\n");
        Assert.Contains($"begun with other settings: {folder.File("link")} was ", (await CommandLine.RunAsync("", arguments)).Error);
    }

    [Fact]
    public async Task Mistakes_are_one_message_and_code_2()
    {
        var model = MakeModel();
        foreach (var (arguments, message) in new (string[], string)[]
        {
            (["--from", "en", "--to", "xyz"], "'xyz'"),
            (["--from", "en", "--to", "zh", "--template", "none"], "alpaca-stanford"),
            (["--from", "en", "--to", "zh", folder.File("absent")], "there is no such file"),
            (["--from", "en"], "--to"),
        })
        {
            var (code, printed, error) = await CommandLine.RunAsync("a\n", ["translate", "--model", model, .. arguments]);
            Assert.Equal((2, ""), (code, printed));
            Assert.Contains(message, error);
            Assert.DoesNotContain("   at ", error);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_model_is_one_message_and_code_2_and_nothing_is_written(bool truncated)
    {
        var model = MakeModel();
        if (truncated)
        {
            var weights = Path.Combine(model, "model.safetensors");
            using var stream = File.OpenWrite(weights);
            stream.SetLength(stream.Length / 2);
        }
        else
        {
            // Its config and its weights agree; the tokenizer has one piece more than there are rows.
            using var smaller = new CausalLanguageModel(ConfigFile.Read(model) with { VocabularySize = ConfigFile.Read(model).VocabularySize - 1 });
            smaller.InitializeWeights(new RandomStream(7, "weights"));
            ModelFolder.Save(smaller, model);
        }

        var (code, printed, error) = await CommandLine.RunAsync(
            "Tea is hot.\n", "translate", "--model", model, "--from", "en", "--to", "zh", "--output", folder.File("out"));

        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith("llamax: ", error);
        Assert.Contains(truncated ? "model.safetensors" : "tokenizer", error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFiles(folder.Path, "out*"));
    }

    [Fact]
    public async Task Every_verb_that_opens_a_folder_says_once_where_its_tokenizers_differ()
    {
        var model = MakeModel();
        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "t5_uni.model"), Path.Combine(model, "tokenizer.json"));
        File.WriteAllText(folder.File("x.en.txt"), "a b\n");
        foreach (var arguments in new string[][]
        {
            ["translate", "--model", model, "--from", "en", "--to", "zh", "--max-new-tokens", "2"],
            ["generate", "--model", model, "--max-new-tokens", "2"],
            ["model", "info", model],
            ["tokenizer", "fertility", "--tokenizer", model, "--data", "x.{language}.txt", "--root", folder.Path],
            ["detokenize", "--tokenizer", model],
        })
        {
            var (code, _, error) = await CommandLine.RunAsync("5\n", arguments);
            Assert.True(code == 0, error);
            Assert.Single(error.Split('\n'), line => line.StartsWith("llamax: ", StringComparison.Ordinal)
                && line.EndsWith("took tokenizer.model; tokenizer.json says something else: its id 0 is '<pad>', not '<unk>'.", StringComparison.Ordinal));
            Assert.DoesNotContain("1 sentences ", error.Replace("sentences/s", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Model_check_computes_where_and_in_what_it_is_told()
    {
        string[] common = ["model", "check", Shared.Path("fixtures", "llama_tied")];
        var (code, printed, error) = await CommandLine.RunAsync("", [.. common, "--dtype", "bfloat16", "--device", "cpu"]);
        Assert.True(code == 0, printed + error);
        Assert.Contains("computing on the CPU in bfloat16", error);
        Assert.Contains("(tolerance 8e-2)", printed);
        Assert.DoesNotContain("generate.", printed);
        var exact = await CommandLine.RunAsync("", common);
        Assert.Contains("(tolerance 1e-4)", exact.Out);
        Assert.Contains("generate.", exact.Out);
    }

    [Theory]
    [InlineData("llama_tied", 0)]
    [InlineData("tokenizers", 2)]
    public async Task Model_check_exits_with_its_result(string name, int expected)
    {
        var (code, printed, error) = await CommandLine.RunAsync("", "model", "check", Shared.Path("fixtures", name));
        Assert.True(code == expected, error);
        Assert.Equal(expected == 0, printed.Contains("0 failed"));
    }

    private string MakeModel() => TinyModel.In(folder);
}
