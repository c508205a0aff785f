using System.Globalization;
using Llamax.Corpora.Building.Sharing;
using Llamax.Recipes.Schema;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Stages;

/// <summary>A recipe over a few lines, for its training data.</summary>
internal sealed class SmallRun : IDisposable, IRunProgress
{
    private readonly TemporaryFolder folder = new();

    public SmallRun()
    {
        foreach (var language in new[] { "en", "fr" })
        {
            for (var file = 0; file < 3; file++)
            {
                Write($"mono{file}.{language}", Lines(language, 1000 * (file + 1), 40));
            }

            Write($"pairs.{language}", Lines(language, 0, 40));
            Write($"test.{language}", Lines(language, 9000, 4));
        }

        Write("tasks.json", """[{"instruction": "Say hello.", "output": "Hello."}]""");
        Write("recipe.yaml",
            $$"""
            name: small
            seed: 7
            languages: [en, fr]
            data:
              base_text: { en: [mono0.en] }
              monolingual: { "*": ["mono*.{lang}"] }
              parallel: { en-fr: ["pairs.{lang}"] }
              instructions: [tasks.json]
              test: { en: test.en, fr: test.fr }
              shards: { tokens: 100, rows: 100 }
            tokenizer:
              path: "{{Path.Combine(Shared.Repository, "tests", "Llamax.Metrics.Tests", "Fixtures", "toy_spm.model")}}"
            base: { steps: 1 }
            pretrain: { steps: 1 }
            finetune: { epochs: 1 }

            """);
    }

    /// <summary>What was said, a line each.</summary>
    public List<string> Said { get; } = [];

    public void Dispose() => folder.Dispose();

    public string File(string name) => folder.File(name);

    /// <summary>Replaces a file of the corpus.</summary>
    public void Write(string name, string content) => System.IO.File.WriteAllText(folder.File(name), content);

    public static string Lines(string language, int from, int count) =>
        string.Concat(Enumerable.Range(from, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{language} says {i}\n")));

    /// <summary>The recipe with other settings.</summary>
    public Recipe Recipe(params string[] settings) => RecipeFile.Load(folder.File("recipe.yaml"), settings);

    /// <summary>Makes training data.</summary>
    /// <param name="run">The run folder's name.</param>
    /// <param name="building">How.</param>
    /// <param name="settings">Changes of the recipe.</param>
    public bool Build(string run, DataBuilding? building = null, params string[] settings) =>
        new RecipeRun(Recipe(settings), folder.File(run), building).BuildShare(this, TestContext.Current.CancellationToken);

    public bool Work(string run, int worker, int count, params string[] settings) =>
        Build(run, new DataBuilding { Share = WorkShare.ByHand(worker - 1, count) }, settings);

    /// <summary>The contents of the training sets' files.</summary>
    public string Bytes(string run) => string.Join('\n', Directory.GetFiles(folder.File($"{run}/data"), "*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".arrow", StringComparison.Ordinal) || Path.GetFileName(file) == "manifest.json").Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(folder.File(run), file)} {Convert.ToBase64String(System.IO.File.ReadAllBytes(file))}"));

    public void StageSkipped(string stage) => Said.Add($"{stage}: up to date");

    public void StageStarted(string stage, bool resumes, string? reason) => Said.Add($"{stage}: {(resumes ? "resumed" : "started")}{(reason is null ? "" : $", {reason}")}");

    public void StageFinished(string stage, TimeSpan elapsed) => Said.Add($"{stage}: done");

    public void Note(string stage, string message) => Said.Add($"{stage}: {message}");

    public void Advanced(string stage, string part, long done, long total, string detail) => Said.Add($"{stage}: {part} {done} of {total}");
}
