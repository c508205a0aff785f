using System.Text;
using Llamax.Evaluation.Results;
using Llamax.Metrics;
using Llamax.Text.Files;

namespace Llamax.Evaluation.Matrix;

/// <summary>
/// Translates a test set in many directions and scores each. The translations are kept as text beside their sources
/// and references; what is there already is not translated again, unless the system's settings were others.
/// </summary>
/// <param name="folder">The folder that gets <c>SYSTEM/SOURCE-TARGET.src|ref|hyp</c> and <c>SYSTEM/settings.json</c>.</param>
/// <param name="testSet">The sentences.</param>
/// <param name="metrics">What is computed per direction.</param>
public sealed class MatrixEvaluator(string folder, TestSet testSet, IReadOnlyList<Metric> metrics)
{
    private const string SettingsName = "settings.json";

    /// <summary>Translates and scores.</summary>
    /// <param name="system">The system; asked only for what is missing.</param>
    /// <param name="directions">The directions, of languages of the test set.</param>
    /// <param name="advanced">Receives the number of directions that are done, out of all.</param>
    /// <param name="cancellationToken">Ends the work; finished groups of directions stay.</param>
    /// <returns>The scores, by direction in the order given, then by metric.</returns>
    public IReadOnlyList<ScoreRecord> Evaluate(
        ITranslationSystem system, IReadOnlyList<(string Source, string Target)> directions, Action<int> advanced, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        var done = 0;
        RemoveThoseOfOtherSettings(system);

        // All directions into a language are one batch of work, and are done together or not at all: what shares a
        // batch must not depend on where an earlier run was interrupted.
        foreach (var group in directions.GroupBy(direction => direction.Target))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!group.All(direction => IsDone(system.Name, direction)))
            {
                Translate(system, [.. group], cancellationToken);
            }

            advanced(done += group.Count());
        }

        return [.. directions.SelectMany(direction => Score(system.Name, direction))];
    }

    private void RemoveThoseOfOtherSettings(ITranslationSystem system)
    {
        var own = Path.Combine(folder, system.Name);
        var file = Path.Combine(own, SettingsName);
        if (File.Exists(file) && File.ReadAllText(file) == system.Settings)
        {
            return;
        }

        // Removed first: translations that are there must always be those of the settings beside them.
        foreach (var translation in Directory.Exists(own) ? Directory.GetFiles(own, "*-*.hyp") : [])
        {
            File.Delete(translation);
        }

        AtomicFile.WriteText(file, system.Settings);
    }

    private void Translate(ITranslationSystem system, List<(string Source, string Target)> group, CancellationToken cancellationToken)
    {
        var tasks = group.SelectMany(direction => testSet.Lines[direction.Source]
            .Select(line => new TranslationTask(direction.Source, direction.Target, line))).ToList();
        var translations = system.Translate(tasks, cancellationToken);
        for (var i = 0; i < group.Count; i++)
        {
            Write(system.Name, group[i], "src", testSet.Lines[group[i].Source]);
            Write(system.Name, group[i], "ref", testSet.Lines[group[i].Target]);
            Write(system.Name, group[i], "hyp", translations.Skip(i * testSet.Count).Take(testSet.Count));
        }
    }

    private IEnumerable<ScoreRecord> Score(string system, (string Source, string Target) direction)
    {
        var hypotheses = Read(system, direction, "hyp");
        foreach (var metric in metrics)
        {
            var score = metric.Corpus(hypotheses, testSet.Lines[direction.Target]);
            yield return new ScoreRecord(
                system, testSet.Name, $"{direction.Source}-{direction.Target}", score.Metric, score.Value, score.Signature, testSet.Count);
        }
    }

    private bool IsDone(string system, (string Source, string Target) direction) =>
        File.Exists(PathOf(system, direction, "hyp"))
        && Read(system, direction, "hyp").Length == testSet.Count
        && File.Exists(PathOf(system, direction, "src")) && Read(system, direction, "src").SequenceEqual(testSet.Lines[direction.Source].Select(OneLine))
        && File.Exists(PathOf(system, direction, "ref")) && Read(system, direction, "ref").SequenceEqual(testSet.Lines[direction.Target].Select(OneLine));

    private void Write(string system, (string Source, string Target) direction, string kind, IEnumerable<string> lines) =>
        AtomicFile.WriteText(PathOf(system, direction, kind), string.Concat(lines.Select(line => OneLine(line) + "\n")));

    private string[] Read(string system, (string Source, string Target) direction, string kind) =>
        File.ReadAllText(PathOf(system, direction, kind), Encoding.UTF8).Split('\n')[..^1];

    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ');

    private string PathOf(string system, (string Source, string Target) direction, string kind) =>
        Path.Combine(folder, system, $"{direction.Source}-{direction.Target}.{kind}");
}
