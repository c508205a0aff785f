using Llamax.Evaluation.Results;
using Llamax.Testing;

namespace Llamax.EndToEnd;

/// <summary>What the README promises of the starter recipe, and that the recipe on real text finds all its files.</summary>
public sealed class StarterTests
{
    private static readonly string[] NewLanguages = ["fr", "es", "zh", "ta", "th"];

    [Fact]
    [Trait("Category", "Long")]
    public void Continual_pretraining_gains_ten_spbleu_and_keeps_english()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("starter");

        var (code, _, errors) = CommandLine.Run("run", Recipe("starter.yaml"), "--out", run);

        Assert.True(code == 0, errors);
        var scores = ResultsFile.Read(Path.Combine(run, "evaluate", "results.json"));
        double Average(string system) =>
            scores.Where(score => score.System == system && score.Metric == "spBLEU").Average(score => score.Score);
        double Bits(string system, string language) =>
            scores.Single(score => score.System == system && score.Metric == "bits_per_byte" && score.Direction == language).Score;
        Assert.True(Average("llamax-alpaca") > Average("base-alpaca") + 10, $"{Average("base-alpaca")} and {Average("llamax-alpaca")} spBLEU");
        Assert.All(NewLanguages, language => Assert.True(Bits("llamax", language) < Bits("base", language), language));
        Assert.InRange(Bits("llamax", "en"), 0, 1.05 * Bits("base", "en"));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Flores_becomes_training_data()
    {
        var root = Shared.Path("data");
        using var folder = new TemporaryFolder();

        var (code, output, errors) = CommandLine.Run(
            "run", Recipe("flores-mini.yaml"), "--out", folder.File("flores"), "--set", $"data.root={root}", "--until", "data");

        Assert.True(code == 0, output + errors);
        foreach (var part in new[] { "base", "pretrain", "finetune" })
        {
            Assert.True(File.Exists(folder.File($"flores/data/{part}/manifest.json")), part);
        }
    }

    private static string Recipe(string name) => Path.Combine(Shared.Repository, "recipes", name);
}
