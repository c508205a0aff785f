using System.Globalization;
using System.Text.Json;
using Llamax.Evaluation.Results;
using Llamax.Recipes.Stages;
using Llamax.Reports;

namespace Llamax.Recipes;

/// <summary>Collects what a report shows from a run folder.</summary>
public static class RunReport
{
    /// <summary>Reads a run folder whose evaluation is done.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="LlamaxException">It is no run folder, or the evaluation is not done.</exception>
    public static ReportData Of(string folder)
    {
        var evaluation = StageRecord.Read(Path.Combine(folder, RunContext.Evaluate));
        if (evaluation?.Finished is null)
        {
            throw new LlamaxException(
                $"{folder}: there is no finished evaluation in this folder. Name the folder of a run, for example runs/starter, or finish it with `llamax run`.");
        }

        var (stages, newer) = Evaluated(folder, evaluation);
        var scores = ResultsFile.Read(Path.Combine(folder, RunContext.Evaluate, ResultsFile.JsonName));
        var languages = evaluation.Settings.GetValueOrDefault("languages", "").Split(", ");
        return new ReportData
        {
            Title = evaluation.Settings.GetValueOrDefault("name") ?? Path.GetFileName(Path.GetFullPath(folder)),
            Description = Describe(scores) + (newer.Count == 0 ? "" : $" The evaluation is older than what now lies under {string.Join(", ", newer)}, which is left out here; finish it with `llamax run`."),
            Languages = languages,
            Scores = scores,
            Curves = [.. Curves(folder).Where(curve => stages.Any(stage => stage.Stage == curve.Stage))],
            Samples = [.. Samples(Path.Combine(folder, RunContext.Evaluate), languages)],
            Stages = [.. stages.Select(stage => new RunStage(stage.Stage, stage.Active, Note(folder, stage.Stage)))],
            Facts = [.. Facts(stages, scores)],
        };
    }

    /// <summary>The stages whose outputs the evaluation came from, and the names of those that have been begun or done anew since.</summary>
    private static (List<StageRecord> Stages, List<string> Newer) Evaluated(string folder, StageRecord evaluation)
    {
        var (stages, newer) = (new List<StageRecord> { evaluation }, new List<string>());
        foreach (var name in RunContext.StageNames.Reverse().Where(name => name is not (RunContext.Evaluate or RunContext.Report)))
        {
            var used = stages.SelectMany(stage => stage.Inputs).Where(input => input.Key.StartsWith(name + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                || input.Key.StartsWith($"{name}/", StringComparison.Ordinal)).ToList();
            if (used.Count == 0)
            {
                continue;
            }

            if (StageRecord.Read(Path.Combine(folder, name)) is { Finished: not null } record
                && used.All(input => record.Outputs.GetValueOrDefault(input.Key[(name.Length + 1)..]) == input.Value))
            {
                stages.Insert(0, record);
            }
            else if (Directory.Exists(Path.Combine(folder, name)))
            {
                newer.Insert(0, name);
            }
        }

        return (stages, newer);
    }

    private static string Describe(IReadOnlyList<ScoreRecord> scores)
    {
        var translations = scores.Where(score => score.Direction.Contains('-')).ToList();
        var directions = translations.Select(score => score.Direction).Distinct().Count();
        return translations.Count == 0
            ? "No translations were scored."
            : $"{directions} directions, {translations[0].Sentences} held-out sentences each, every score from decoded text.";
    }

    private static IEnumerable<LearningCurve> Curves(string folder)
    {
        foreach (var (stage, system, path) in new[]
        {
            (RunContext.Base, "base", RunContext.Base),
            (RunContext.Pretrain, "llamax", RunContext.Pretrain),
            (RunContext.Finetune, FinetuneStage.BaseSystem, Path.Combine(RunContext.Finetune, FinetuneStage.BaseSystem)),
            (RunContext.Finetune, FinetuneStage.LlamaxSystem, Path.Combine(RunContext.Finetune, FinetuneStage.LlamaxSystem)),
        })
        {
            var points = Metrics(Path.Combine(folder, path)).Select(line => (line.GetProperty("step").GetInt64(), line.GetProperty("loss").GetDouble())).ToList();
            if (points.Count > 0)
            {
                yield return new LearningCurve(stage, system, points);
            }
        }
    }

    /// <summary>One sentence per language, each into another language, so that all are seen once on each side.</summary>
    private static IEnumerable<SampleTranslation> Samples(string folder, string[] languages)
    {
        for (var i = 0; i < languages.Length; i++)
        {
            var (source, target) = (languages[i], languages[(i + 1) % languages.Length]);
            var file = $"{source}-{target}";
            var before = Lines(FinetuneStage.BaseSystem, file + ".hyp");
            var after = Lines(FinetuneStage.LlamaxSystem, file + ".hyp");
            var text = Lines(FinetuneStage.LlamaxSystem, file + ".src");
            var reference = Lines(FinetuneStage.LlamaxSystem, file + ".ref");
            if (after.Length > 0 && before.Length == after.Length && text.Length == after.Length && reference.Length == after.Length)
            {
                var line = i % after.Length;
                yield return new SampleTranslation(source, target, text[line], reference[line], before[line], after[line]);
            }
        }

        string[] Lines(string system, string name) => Path.Combine(folder, system, name) is var path && File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [];
    }

    private static string? Note(string folder, string stage)
    {
        var parts = stage == RunContext.Finetune
            ? new[] { FinetuneStage.BaseSystem, FinetuneStage.LlamaxSystem }.Select(system => Path.Combine(folder, stage, system))
            : [Path.Combine(folder, stage)];
        var last = parts.Select(part => Metrics(part).LastOrDefault()).Where(line => line.ValueKind == JsonValueKind.Object).ToList();
        return last.Count == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{last.Sum(line => line.GetProperty("step").GetInt64()):N0} steps, {last.Sum(line => line.GetProperty("tokens").GetInt64()):N0} tokens");
    }

    private static IEnumerable<RunFact> Facts(List<StageRecord> stages, IReadOnlyList<ScoreRecord> scores)
    {
        var settings = stages.SelectMany(stage => stage.Settings).DistinctBy(setting => setting.Key).ToList();
        foreach (var (key, value) in settings)
        {
            var dot = key.IndexOf('.');
            yield return new RunFact(dot < 0 ? "run" : key[..dot], key[(dot + 1)..], value);
        }

        foreach (var (name, version) in stages.SelectMany(stage => stage.Versions).DistinctBy(version => version.Key))
        {
            yield return new RunFact("Versions", name, version);
        }

        foreach (var score in scores.Where(score => score.Signature is not null).DistinctBy(score => (score.Metric, score.Signature)))
        {
            yield return new RunFact("Signatures", score.Metric, score.Signature!);
        }

        foreach (var weights in stages.SelectMany(stage => stage.Outputs
            .Where(output => output.Key.EndsWith(".safetensors", StringComparison.Ordinal)).Select(output => (stage.Stage, output))))
        {
            yield return new RunFact("Weights, SHA-256", $"{weights.Stage}/{weights.output.Key}", weights.output.Value);
        }

        var machines = stages.Where(stage => stage.Machine is not null)
            .GroupBy(stage => string.Join('\n', stage.Machine!.Select(fact => $"{fact.Key}: {fact.Value}"))).ToList();
        foreach (var machine in machines)
        {
            var group = machines.Count == 1 ? "Machine" : $"Machine of {string.Join(", ", machine.Select(stage => stage.Stage))}";
            foreach (var (name, value) in machine.First().Machine!)
            {
                yield return new RunFact(group, name, value);
            }
        }
    }

    private static IEnumerable<JsonElement> Metrics(string folder)
    {
        var file = Path.Combine(folder, "metrics.jsonl");
        return File.Exists(file) ? File.ReadLines(file).Select(Parse) : [];

        JsonElement Parse(string line)
        {
            try
            {
                using var record = JsonDocument.Parse(line);
                return record.RootElement.TryGetProperty("step", out _) && record.RootElement.TryGetProperty("loss", out _)
                    && record.RootElement.TryGetProperty("tokens", out _) ? record.RootElement.Clone() : throw new JsonException("step, tokens or loss is missing.");
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw new LlamaxException($"{file}: a line is no record of a training step: {exception.Message}", exception);
            }
        }
    }
}
