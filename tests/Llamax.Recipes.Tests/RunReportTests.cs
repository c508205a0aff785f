using Llamax.Evaluation.Results;
using Llamax.Recipes.Stages;
using Llamax.Testing;

namespace Llamax.Recipes.Tests;

public sealed class RunReportTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    public RunReportTests()
    {
        Write("pretrain", new() { ["data/pretrain/manifest.json"] = "d" }, new() { ["model/model.safetensors"] = "p" }, "old processor");
        Write("finetune", new() { ["pretrain/model/model.safetensors"] = "p" }, new() { ["llamax-alpaca/model/model.safetensors"] = "f" }, "old processor");
        Write("evaluate", new() { ["finetune/llamax-alpaca/model/model.safetensors"] = "f" }, new() { ["results.json"] = "r" }, "new processor");
        ResultsFile.Write(folder.File("evaluate"), [new ScoreRecord("base", "toy", "en", "bits_per_byte", 1, null, 2)]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Times_are_those_at_work_and_machines_those_of_the_stages()
    {
        var report = RunReport.Of(folder.Path);

        Assert.Equal(["pretrain", "finetune", "evaluate"], report.Stages.Select(stage => stage.Name));
        Assert.DoesNotContain("older", report.Description, StringComparison.Ordinal);
        Assert.All(report.Stages, stage => Assert.Equal(TimeSpan.FromSeconds(90), stage.Duration));
        Assert.Equal(
            [("Machine of pretrain, finetune", "old processor"), ("Machine of evaluate", "new processor")],
            report.Facts.Where(fact => fact.Name == "processor").Select(fact => (fact.Group, fact.Value)));
    }

    [Fact]
    public void A_stage_that_was_done_anew_since_is_left_out_and_said_to_be_newer()
    {
        Write("pretrain", [], new() { ["model/model.safetensors"] = "other" }, "old processor");
        var report = RunReport.Of(folder.Path);

        Assert.Equal(["finetune", "evaluate"], report.Stages.Select(stage => stage.Name));
        Assert.Contains("The evaluation is older than what now lies under pretrain", report.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Facts, fact => fact.Value == "other");
    }

    private void Write(string stage, Dictionary<string, string> inputs, Dictionary<string, string> outputs, string processor) => new StageRecord(
        stage, new Dictionary<string, string>(), inputs, new Dictionary<string, string>(), Noon, Noon.AddDays(3), outputs,
        new Dictionary<string, string> { ["processor"] = processor }, 90).Write(folder.File(stage));
}
