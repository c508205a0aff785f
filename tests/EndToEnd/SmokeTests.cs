using System.Diagnostics;
using Llamax.Corpora.Shards;
using Llamax.Evaluation.Results;
using Llamax.Models;

namespace Llamax.EndToEnd;

/// <summary>The main job in small: texts in; models, scores and a page out.</summary>
public sealed class SmokeTests(SmokeRun run) : IClassFixture<SmokeRun>
{
    private static readonly string[] Languages = ["en", "fr", "es", "zh", "ta", "th"];

    [Fact]
    public void A_recipe_becomes_a_run_folder_with_scores_and_a_page()
    {
        Assert.True(run.Code == 0, run.Errors);
        foreach (var stage in new[] { "tokenizer", "data", "base", "pretrain", "finetune", "evaluate", "report" })
        {
            Assert.Contains($"{stage}: done in ", run.Errors, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(run.Folder, stage, "stage.json")));
        }

        Assert.EndsWith(Path.Combine(run.Folder, "report", "index.html"), run.Output.TrimEnd(), StringComparison.Ordinal);
        var page = File.ReadAllText(Path.Combine(run.Folder, "report", "index.html"));
        Assert.Contains("llamax-alpaca", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_direction_and_language_has_its_scores()
    {
        var scores = ResultsFile.Read(Path.Combine(run.Folder, "evaluate", "results.json"));

        foreach (var system in new[] { "base-alpaca", "llamax-alpaca" })
        {
            foreach (var metric in new[] { "spBLEU", "chrF" })
            {
                var found = scores.Where(score => score.System == system && score.Metric == metric).ToList();
                Assert.Equal(
                    (from source in Languages from target in Languages where source != target select $"{source}-{target}").Order(),
                    found.Select(score => score.Direction).Order());
                Assert.All(found, score => Assert.InRange(score.Score, 0, 100));
                Assert.All(found, score => Assert.Equal(2, score.Sentences));
                Assert.All(found, score => Assert.NotNull(score.Signature));
            }
        }

        foreach (var system in new[] { "base", "llamax" })
        {
            var found = scores.Where(score => score.System == system && score.Metric == "bits_per_byte").ToList();
            Assert.Equal(Languages, found.Select(score => score.Direction));
            Assert.All(found, score => Assert.InRange(score.Score, 0.1, 20));
        }
    }

    [Fact]
    public void Continual_pretraining_lowers_the_bits_per_byte_of_languages_that_the_base_model_never_saw()
    {
        var bits = ResultsFile.Read(Path.Combine(run.Folder, "evaluate", "results.json"))
            .Where(score => score.Metric == "bits_per_byte").ToDictionary(score => (score.System, score.Direction), score => score.Score);

        Assert.All(Languages[1..], language => Assert.True(bits[("llamax", language)] < bits[("base", language)], language));
    }

    [Fact]
    public void The_models_are_complete_folders_and_the_training_sets_hold_every_kind_of_entry()
    {
        using var model = ModelFolder.Load(Path.Combine(run.Folder, "finetune", "llamax-alpaca", "model"));
        Assert.True(File.Exists(Path.Combine(run.Folder, "finetune", "llamax-alpaca", "model", "tokenizer.model")));

        var kinds = ShardManifest.Load(Path.Combine(run.Folder, "data", "pretrain")).Groups.Select(group => group.Kind).Distinct().Order();
        Assert.Equal(3, kinds.Count());
    }

    [Fact]
    public void A_second_run_ends_within_three_seconds_and_says_that_nothing_was_to_be_done()
    {
        var before = SmokeRun.Fingerprint(run.Folder);
        run.Llamax(); // The first start after a build compiles more than later ones.
        var (code, output, errors) = (0, "", "");
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5 && fastest > TimeSpan.FromSeconds(3); attempt++) // Other tests run beside it.
        {
            var watch = Stopwatch.StartNew();
            (code, output, errors) = run.Llamax();
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Assert.Equal(0, code);
        Assert.Contains("Nothing was to be done", errors, StringComparison.Ordinal);
        Assert.Equal(7, errors.Split(": up to date").Length - 1);
        Assert.Equal(run.Output, output);
        Assert.True(fastest < TimeSpan.FromSeconds(3), $"{fastest}");
        Assert.Equal(before, SmokeRun.Fingerprint(run.Folder));
    }

    [Fact]
    public void The_page_can_be_made_again_elsewhere()
    {
        using var folder = new Testing.TemporaryFolder();
        var (code, output, errors) = CommandLine.Run("report", run.Folder, "--out", folder.Path);

        Assert.True(code == 0, errors);
        Assert.Equal(folder.File("index.html"), output.Trim());
        Assert.True(File.Exists(folder.File("index.html")));
    }

    [Fact]
    public void A_model_of_the_run_is_evaluated_on_files_of_its_own()
    {
        using var folder = new Testing.TemporaryFolder();
        var (code, output, errors) = CommandLine.Run(
            "evaluate", Path.Combine(Testing.Shared.Repository, "starter", "generated", "test.{language}.txt"),
            "--system", $"mine={Path.Combine(run.Folder, "finetune", "llamax-alpaca", "model")}", "--directions", "en-fr,fr-en",
            "--sentences", "2", "--beams", "1", "--max-new-tokens", "8", "--out", folder.Path);

        Assert.True(code == 0, errors);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(["en-fr", "fr-en"], ResultsFile.Read(folder.File("results.json")).Select(score => score.Direction));
    }
}
