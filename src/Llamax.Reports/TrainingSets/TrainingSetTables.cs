using System.Globalization;
using Llamax.Corpora.Statistics;
using Llamax.Evaluation.Results;
using Llamax.Text.Languages;

namespace Llamax.Reports.TrainingSets;

/// <summary>The tables of a training set as CSV.</summary>
internal static class TrainingSetTables
{
    public static string Languages(TrainingSetStatistics statistics) => Csv(
        [
            "family", "language", "name", "mono", "pairs", "directions", "pseudo", "augmented", "other", "tokens", "targets",
            "paper_mono", "paper_pairs", "paper_directions",
        ],
        statistics.Languages.Select(row =>
        {
            var language = LanguageRegistry.Default.Find(row.Language);
            return new object?[]
            {
                row.Family, row.Language, row.Name, row.Monolingual, row.Pairs, row.Directions, row.Pseudo, row.Augmented, row.Other, row.Tokens,
                row.Targets, language?.PaperMonolingual, language?.PaperParallel, language?.PaperDirections,
            };
        }));

    public static string Pairs(TrainingSetStatistics statistics) => Csv(
        ["first", "second", "forward", "backward", "pseudo", "augmented", "tokens"],
        statistics.Pairs.Select(row => new object?[] { row.First, row.Second, row.Forward, row.Backward, row.Pseudo, row.Augmented, row.Tokens }));

    public static string Cleaning(TrainingSetStatistics statistics) => Csv(
        ["step", "languages", "benchmark", "count"],
        statistics.Cleaning.Select(row => new object?[] { row.Step, row.Languages, row.Benchmark, row.Count }));

    private static string Csv(string[] header, IEnumerable<object?[]> rows) => string.Concat(
        rows.Prepend(header).Select(row => string.Join(',', row.Select(cell => Evaluation.Results.Csv.Quote(Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""))) + "\n"));
}
