using System.Text;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Tables;

/// <summary>The comparison in a few lines of Markdown that read well as plain text.</summary>
internal static class MarkdownSummary
{
    public static string Of(ReportData data)
    {
        var text = new StringBuilder();
        foreach (var table in ScoreTable.OfTranslations(data))
        {
            AddTranslations(text, table, data.Translation);
        }

        foreach (var table in ScoreTable.OfLikelihoods(data))
        {
            AddLikelihoods(text, table, data.Likelihood);
        }

        return text.ToString();
    }

    private static void AddTranslations(StringBuilder text, ScoreTable table, SystemPair pair)
    {
        var rows = new List<string[]>();
        foreach (var language in table.Languages.Append(null))
        {
            var (intoBefore, intoAfter) = (table.Mean(pair.Before, null, language, pair), table.Mean(pair.After, null, language, pair));
            var (outBefore, outAfter) = (table.Mean(pair.Before, language, null, pair), table.Mean(pair.After, language, null, pair));
            rows.Add(
            [
                language is null ? "all" : $"{Format.Language(language)} ({language})",
                Format.Score(intoBefore, table.Metric), Format.Score(intoAfter, table.Metric), Format.Difference(intoAfter - intoBefore, table.Metric),
                Format.Score(outBefore, table.Metric), Format.Score(outAfter, table.Metric), Format.Difference(outAfter - outBefore, table.Metric),
            ]);
        }

        Add(text, $"{table.Metric} on {table.Benchmark}, averages into (X→) and out of (→X) each language",
            ["centre", $"X→ {pair.Before}", $"X→ {pair.After}", "gain", $"→X {pair.Before}", $"→X {pair.After}", "gain"], rows);
    }

    private static void AddLikelihoods(StringBuilder text, ScoreTable table, SystemPair pair)
    {
        var rows = table.Languages
            .Select(language => (Language: language, Before: table.Score(pair.Before, language), After: table.Score(pair.After, language)))
            .Select(row => new[]
            {
                $"{Format.Language(row.Language)} ({row.Language})", Format.Score(row.Before, table.Metric), Format.Score(row.After, table.Metric),
                row.Before > 0 && row.After is { } after ? Format.Percent((after / row.Before.Value) - 1) : "·",
            });
        Add(text, $"Bits per byte on {table.Benchmark} (lower is better)", ["language", pair.Before, pair.After, "change"], [.. rows]);
    }

    private static void Add(StringBuilder text, string title, string[] header, List<string[]> rows)
    {
        var all = rows.Prepend(header).Select(row => row.Select(cell => cell.Replace("|", "\\|")).ToArray()).ToList();
        var widths = header.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        text.Append(text.Length > 0 ? "\n" : "").Append(title).Append("\n\n");
        Line(all[0]);
        text.Append("| ").AppendJoin(" | ", widths.Select((width, i) => i == 0 ? new string('-', width) : new string('-', width - 1) + ":")).Append(" |\n");
        all.Skip(1).ToList().ForEach(Line);

        void Line(string[] row) => text.Append("| ")
            .AppendJoin(" | ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).Append(" |\n");
    }
}
