using System.Text.Json;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class ScoreCommandTests
{
    [Fact]
    public async Task Json_holds_every_system_and_metric_unrounded()
    {
        using var folder = new TemporaryFolder();
        Write(folder);
        var (code, output, _) = await CommandLine.RunAsync(
            "", "score", "--metric", "bleu", "chrf", "--ref", folder.File("ref"), "--hyp", folder.File("hyp"), folder.File("ref"), "--sentence", "--json");
        Assert.Equal(0, code);
        var scores = JsonDocument.Parse(output).RootElement.EnumerateArray().ToList();
        Assert.Equal(["BLEU", "chrF", "BLEU", "chrF"], scores.Select(score => score.GetProperty("metric").GetString()));
        Assert.Equal(folder.File("hyp"), scores[0].GetProperty("system").GetString());
        // 7/8, 3/6, 2/4 and 1/3 of the n-grams match; the penalty is exp(1 - 10/8).
        Assert.Equal(40.469988526642766, scores[0].GetProperty("score").GetDouble(), 1e-12);
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0", scores[0].GetProperty("signature").GetString());
        Assert.Equal(2, scores[0].GetProperty("sentence_scores").GetArrayLength());
        Assert.Contains("|eff:yes|", scores[0].GetProperty("sentence_signature").GetString());
        Assert.Equal(100, scores[3].GetProperty("score").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData("has 2 lines", "--metric", "bleu", "--ref", "short", "--hyp", "hyp")]
    [InlineData("--spm FILE", "--metric", "spbleu", "--ref", "ref", "--hyp", "hyp")]
    [InlineData("--tokenize", "--metric", "chrf", "--tokenize", "zh", "--ref", "ref", "--hyp", "hyp")]
    [InlineData("no such file", "--metric", "chrf", "--ref", "ref", "--hyp", "missing")]
    [InlineData("--metric ter: expected is bleu", "--metric", "ter", "--ref", "ref", "--hyp", "hyp")]
    public async Task What_cannot_be_scored_ends_with_2(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Write(folder);
        string[] files = ["ref", "hyp", "short", "missing"];
        var (code, output, error) = await CommandLine.RunAsync(
            "", ["score", .. arguments.Select(argument => files.Contains(argument) ? folder.File(argument) : argument)]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(message, error);
    }

    private static void Write(TemporaryFolder folder)
    {
        File.WriteAllText(folder.File("ref"), "the cat sat on the mat\nhello there , world\n");
        File.WriteAllText(folder.File("hyp"), "the cat sat on a mat\nhello world\n");
        File.WriteAllText(folder.File("short"), "the cat sat on the mat\n");
    }
}
