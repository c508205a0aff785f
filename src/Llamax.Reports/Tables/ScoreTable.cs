using Llamax.Evaluation.Results;

namespace Llamax.Reports.Tables;

/// <summary>The scores of one benchmark and metric, by system and direction.</summary>
internal sealed class ScoreTable
{
    public const string BitsPerByte = "bits_per_byte";
    private readonly Dictionary<(string System, string Direction), ScoreRecord> records;

    private ScoreTable(string benchmark, string metric, IReadOnlyList<string> languages, IEnumerable<ScoreRecord> records)
    {
        (Benchmark, Metric, Languages) = (benchmark, metric, languages);
        this.records = records.GroupBy(record => (record.System, record.Direction)).ToDictionary(group => group.Key, group => group.Last());
    }

    public string Benchmark { get; }

    public string Metric { get; }

    /// <summary>The languages to show, in order.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The ordered pairs of different languages.</summary>
    public IEnumerable<(string Source, string Target)> Directions =>
        from source in Languages from target in Languages where source != target select (source, target);

    /// <summary>The tables of translation scores that at least one of the two systems has, in the order of the scores.</summary>
    public static IReadOnlyList<ScoreTable> OfTranslations(ReportData data) =>
        [.. Of(data, data.Translation).Where(table => table.Metric != BitsPerByte)];

    /// <summary>The tables of bits per byte.</summary>
    public static IReadOnlyList<ScoreTable> OfLikelihoods(ReportData data) =>
        [.. Of(data, data.Likelihood).Where(table => table.Metric == BitsPerByte)];

    public double? Score(string system, string direction) => records.GetValueOrDefault((system, direction))?.Score;

    public double? Score(string system, string source, string target) => Score(system, $"{source}-{target}");

    /// <summary>After less before, where both are there.</summary>
    public double? Difference(SystemPair pair, string source, string target) =>
        Score(pair.After, source, target) - Score(pair.Before, source, target);

    /// <summary>Mean over the directions from and to these languages (null: any) in which all of the systems have a
    /// score, so that means can be compared; null where there is none.</summary>
    public double? Mean(string system, string? source, string? target, SystemPair pair)
    {
        var scores = Shared(source, target, pair).Select(direction => Score(system, direction.Source, direction.Target)!.Value).ToList();
        return scores.Count > 0 ? scores.Average() : null;
    }

    /// <summary>The directions from and to these languages (null: any) that both systems have.</summary>
    public IEnumerable<(string Source, string Target)> Shared(string? source, string? target, SystemPair pair) =>
        Directions.Where(direction =>
            direction.Source == (source ?? direction.Source) && direction.Target == (target ?? direction.Target)
            && Difference(pair, direction.Source, direction.Target) is not null);

    /// <summary>The distinct signatures, in order.</summary>
    public IEnumerable<string> Signatures => records.Values.Select(record => record.Signature).OfType<string>().Distinct();

    /// <summary>The smallest and largest number of sentences behind a score.</summary>
    public (int Least, int Most) Sentences => (records.Values.Min(record => record.Sentences), records.Values.Max(record => record.Sentences));

    private static IEnumerable<ScoreTable> Of(ReportData data, SystemPair pair) => data.Scores
        .Where(record => (record.System == pair.Before || record.System == pair.After)
            && record.Direction.Split('-').All(data.Languages.Contains))
        .GroupBy(record => (record.Benchmark, record.Metric))
        .Select(group => new ScoreTable(group.Key.Benchmark, group.Key.Metric, data.Languages, group));
}
