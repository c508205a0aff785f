using System.CommandLine;
using System.Globalization;
using Llamax.Corpora.Building;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Statistics;
using Llamax.Reports.TrainingSets;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data stats</c>: what a training set holds, by language and kind, and what was left out of it.</summary>
internal static class DataStatsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A training set: a folder with manifest.json." };
        var output = new Option<string?>("--out")
        {
            Description = "Write a page with the matrix of languages (index.html) and the numbers as languages.csv, pairs.csv and cleaning.csv.",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "The numbers as JSON." };
        output.WritesFolder();
        var command = new Command("stats", "Counts a training set by language and kind, as the paper's Table 9 does, and says what was left out of it.")
        {
            folder, output, json,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var statistics = TrainingSetStatistics.Of(ShardManifest.Load(path));
            if (parsed.GetValue(output) is { } report)
            {
                TrainingSetReport.Write(statistics, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), report);
            }

            Console.Out.Write(parsed.GetValue(json) ? JsonOutput.Of(statistics) : Text(statistics) + Times(BuildTimes.Find(path)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Text(TrainingSetStatistics statistics)
    {
        var languages = TextTable.Of("lllr",
        [
            ["family", "language", "name", "mono", "pairs", "directions", "pseudo", "augmented", "other", "tokens"],
            .. statistics.Languages.Select(row => new[]
            {
                row.Family.Length > 0 ? row.Family : "-", row.Language, row.Name, Count(row.Monolingual), Count(row.Pairs), Count(row.Directions),
                Count(row.Pseudo), Count(row.Augmented), Count(row.Other), Count(row.Tokens),
            }),
        ]);
        var kinds = TextTable.Of("lr",
        [
            ["kind", "entries", "tokens", "targets"],
            .. statistics.Kinds.Select(row => new[] { row.Kind, Count(row.Entries), Count(row.Tokens), Count(row.Targets) }),
            ["all", Count(statistics.Entries), Count(statistics.Tokens), Count(statistics.Targets)],
        ]);
        var cleaning = statistics.Cleaning.Count == 0 ? "" : "\n" + TextTable.Of("lrl",
        [
            ["cleaning", "texts or pairs", "most of them in"],
            .. CleaningSummary.Of(statistics.Cleaning).Select(row => new[] { row.Title, Count(row.Count), row.Largest }),
        ]);
        var leftOut = statistics.LeftOut.Count == 0 ? ""
            : "\n" + string.Concat(statistics.LeftOut.Select(reason => $"left out: {reason.Value:N0} {reason.Key}\n"));
        var packed = statistics.Rows < statistics.Entries ? $"packed into {statistics.Rows:N0} rows\n" : "";
        return $"{languages}\n{kinds}{packed}{cleaning}{leftOut}";
    }

    private static string Times(BuildTimes? times) => times is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"\nmade in {times.Scan:F1} s of reading, {times.Decide:F1} s of deciding, {times.Encode:F1} s of encoding\n");

    private static string Count(long count) => count.ToString("N0");
}
