using System.Text.Json;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class TokenizerExtendCommandTests
{
    [Fact]
    public async Task A_tokenizer_learns_a_language_and_its_fertility_falls()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("text.en.txt"), "the cat sat on the mat\nthe cats sat\n");
        await File.WriteAllTextAsync(folder.File("text.bn.txt"), "বিড়াল মাদুরে বসে আছে\nবিড়াল বসে আছে\n");
        var model = folder.File("tokenizer.model");
        var trained = await CommandLine.RunAsync("", "tokenizer", "train", "--input", folder.File("text.en.txt"), "--vocabulary-size", "280", "--out", model);
        Assert.True(trained.Code == 0, trained.Error);

        var extended = await CommandLine.RunAsync("", "tokenizer", "extend", "--base", folder.Path, "--corpus", folder.File("text.b?.txt"), "--new-tokens", "9", "--out", folder.File("out"));
        Assert.True(extended.Code == 0, extended.Error);
        Assert.Contains("289 pieces, of which 9 are new (Bengali)", extended.Error, StringComparison.Ordinal);
        using var record = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("out/extension.json")));
        Assert.Equal(9, record.RootElement.GetProperty("pieces").GetArrayLength());
        Assert.Equal(64, record.RootElement.GetProperty("base").GetProperty("sha256").GetString()!.Length);

        var (code, output, error) = await CommandLine.RunAsync("", "tokenizer", "fertility", "--tokenizer", model, folder.File("out"),
            "--data", "text.{language}.txt", "--root", folder.Path, "--json", "--csv", folder.File("f.csv"), "--figure", folder.File("f.svg"));
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        var ratios = json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("per_line").GetDouble()).ToList();
        Assert.Equal(ratios[1], ratios[3]); // English: bn stands before en.
        Assert.True(ratios[2] < ratios[0] / 2);
        Assert.Equal(5, (await File.ReadAllLinesAsync(folder.File("f.csv"))).Length);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(folder.File("f.svg")), StringComparison.Ordinal);

        var table = await CommandLine.RunAsync("", "tokenizer", "fertility", "--tokenizer", model, "--data", "text.{language}.txt", "--root", folder.Path, "--languages", "eng", "--definition", "as-released");
        Assert.Contains("definition: as-released", table.Out, StringComparison.Ordinal);
        Assert.Contains("en        English  words", table.Out, StringComparison.Ordinal);

        var many = await CommandLine.RunAsync("", "tokenizer", "extend", "--base", model, "--corpus", folder.File("text.bn.txt"), "--new-tokens", "999", "--out", folder.File("more"));
        Assert.Equal(2, many.Code);
        Assert.Contains("the corpus yields", many.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("more")));
    }

    [Fact]
    public async Task A_model_gets_rows_for_the_new_pieces()
    {
        var model = Shared.Path("fixtures", "llama_tied");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("en.txt"), "the quick brown fox jumps over the lazy dog while other foxes sleep\n");
        await File.WriteAllTextAsync(folder.File("bn.txt"), "বিড়াল মাদুরে বসে আছে\nবিড়াল বসে আছে\n");
        var trained = await CommandLine.RunAsync("", "tokenizer", "train", "--input", folder.File("en.txt"), "--vocabulary-size", "288", "--out", folder.File("base.model"));
        Assert.True(trained.Code == 0, trained.Error);

        var (code, _, error) = await CommandLine.RunAsync("", "tokenizer", "extend", "--base", folder.File("base.model"), "--corpus", folder.File("bn.txt"),
            "--new-tokens", "9", "--out", folder.File("out"), "--model", model, "--init", "mean", "--pad-to-multiple-of", "32");
        Assert.True(code == 0, error);
        Assert.Contains("320 rows instead of 288, new ones by mean", error, StringComparison.Ordinal);
        var info = await CommandLine.RunAsync("", "model", "info", folder.File("out"));
        Assert.Equal(0, info.Code); // It checks that weights, configuration and tokenizer fit together.
        Assert.Contains("297 entries", info.Out, StringComparison.Ordinal);
        using var record = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("out/extension.json")));
        Assert.Equal(320, record.RootElement.GetProperty("model").GetProperty("rows").GetInt32());
        Assert.False(File.Exists(folder.File("out/tokenizer.json")));

        // What would do nothing is refused, and a tokenizer.json has the new pieces, too.
        Directory.CreateDirectory(folder.File("model"));
        foreach (var file in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(model, file), folder.File($"model/{file}"));
        }

        var converted = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("base.model"), "--out", folder.File("model/tokenizer.json"));
        Assert.True(converted.Code == 0, converted.Error);
        // Its characters have no pieces, but those of the second base have.
        await File.WriteAllTextAsync(folder.File("both.txt"), "the the\n" + await File.ReadAllTextAsync(folder.File("bn.txt")));
        trained = await CommandLine.RunAsync("", "tokenizer", "train", "--input", folder.File("both.txt"), "--vocabulary-size", "280", "--character-coverage", "1", "--out", folder.File("second.model"));
        Assert.True(trained.Code == 0, trained.Error);
        var left = await CommandLine.RunAsync("", [.. Extend("base.model", "without")]);
        Assert.Contains("tokenizer.json: left out. ", left.Error, StringComparison.Ordinal);
        Assert.Contains("from a character that is no piece itself", left.Error, StringComparison.Ordinal);
        Assert.Equal((0, false), (left.Code, File.Exists(folder.File("without/tokenizer.json"))));
        var wrong = await CommandLine.RunAsync("", Extend("second.model", "json"));
        Assert.Equal(2, wrong.Code);
        Assert.Contains("second.model is not the model's tokenizer", wrong.Error, StringComparison.Ordinal);
        converted = await CommandLine.RunAsync("", "tokenizer", "convert", folder.File("second.model"), "--out", folder.File("model/tokenizer.json"));
        Assert.True(converted.Code == 0, converted.Error);
        var again = Extend("second.model", "json");
        string[] Extend(string name, string to) => ["tokenizer", "extend", "--base", folder.File(name), "--corpus", folder.File("bn.txt"), "--new-tokens", "9", "--out", folder.File(to), "--model", folder.File("model")];
        var seeded = await CommandLine.RunAsync("", [.. again, "--seed", "7"]);
        Assert.Equal(2, seeded.Code);
        Assert.Contains("--seed belongs to --init subwords+noise", seeded.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("json")));
        var both = await CommandLine.RunAsync("", again);
        Assert.Contains("tokenizer.json: made anew of tokenizer.model", both.Error, StringComparison.Ordinal);
        var (ours, theirs) = (await Ids("json/tokenizer.model"), await Ids("json/tokenizer.json"));
        Assert.Contains(ours.Split(' '), id => int.Parse(id) >= 280);
        Assert.Equal(ours, theirs);

        async Task<string> Ids(string name) => (await CommandLine.RunAsync("বিড়াল fox", "tokenize", "--tokenizer", folder.File(name))).Out;
    }
}
