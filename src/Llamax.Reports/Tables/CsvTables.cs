using Llamax.Evaluation.Results;

namespace Llamax.Reports.Tables;

/// <summary>The numbers of the page as CSV, unrounded.</summary>
internal static class CsvTables
{
    /// <summary>File name and content of each table.</summary>
    public static IEnumerable<(string Name, string Content)> Of(ReportData data)
    {
        foreach (var table in ScoreTable.OfTranslations(data))
        {
            foreach (var system in new[] { data.Translation.Before, data.Translation.After })
            {
                yield return ($"{Stem(table)}.{FileName(system)}.csv", Matrix(table, system));
            }

            yield return ($"{Stem(table)}.averages.csv", Averages(table, data.Translation));
        }

        foreach (var table in ScoreTable.OfLikelihoods(data))
        {
            var rows = table.Languages.Select(language => Row(
                [language, Number(table.Score(data.Likelihood.Before, language)), Number(table.Score(data.Likelihood.After, language))]));
            yield return ($"{Stem(table)}.csv", Row(["language", data.Likelihood.Before, data.Likelihood.After]) + string.Concat(rows));
        }
    }

    private static string Matrix(ScoreTable table, string system) =>
        Row(["source", .. table.Languages]) + string.Concat(table.Languages.Select(source =>
            Row([source, .. table.Languages.Select(target => Number(table.Score(system, source, target)))])));

    private static string Averages(ScoreTable table, SystemPair pair)
    {
        var header = Row(["centre", $"into {pair.Before}", $"into {pair.After}", $"out of {pair.Before}", $"out of {pair.After}"]);
        return header + string.Concat(table.Languages.Append(null).Select(language => Row(
        [
            language ?? "all",
            Number(table.Mean(pair.Before, null, language, pair)), Number(table.Mean(pair.After, null, language, pair)),
            Number(table.Mean(pair.Before, language, null, pair)), Number(table.Mean(pair.After, language, null, pair)),
        ])));
    }

    private static string Number(double? value) => value?.ToString("R") ?? "";

    private static string Row(IEnumerable<string> cells) => string.Join(',', cells.Select(Csv.Quote)) + "\n";

    private static string Stem(ScoreTable table) => $"{FileName(table.Benchmark)}.{FileName(table.Metric)}";

    /// <summary>Names come from recipes and results: whatever is no plain character of a file name is replaced.</summary>
    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' ? c : '_'));
}
