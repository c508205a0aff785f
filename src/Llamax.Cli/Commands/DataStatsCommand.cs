using System.CommandLine;
using System.Text.Json;
using Llamax.Corpora.Shards;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data stats</c>: what a training set holds, by language and kind.</summary>
internal static class DataStatsCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A training set: a folder with manifest.json." };
        var json = new Option<bool>("--json") { Description = "The numbers as JSON." };
        var command = new Command("stats", "Counts entries and tokens of a training set by language and kind.") { folder, json };
        command.SetAction(parsed =>
        {
            var manifest = ShardManifest.Load(parsed.GetRequiredValue(folder));
            var rows = LanguageStatistics.Of(manifest);
            Console.Out.Write(parsed.GetValue(json)
                ? JsonSerializer.Serialize(
                    new { Entries = manifest.Rows, manifest.Tokens, Targets = Targets(manifest), Languages = rows, manifest.LeftOut }, Json) + "\n"
                : Text(manifest, rows));
            return ExitCodes.Done;
        });
        return command;
    }

    private static long Targets(ShardManifest manifest) => manifest.Groups.Sum(group => group.Targets);

    private static string Text(ShardManifest manifest, IReadOnlyList<LanguageStatistics> rows)
    {
        string[][] cells =
        [
            ["language", "kind", "entries", "tokens", "targets", "partners"],
            .. rows.Select(row => new[]
            {
                row.Language, row.Kind, $"{row.Entries:N0}", $"{row.Tokens:N0}", $"{row.Targets:N0}", row.Partners == 0 ? "" : $"{row.Partners}",
            }),
            ["all", "", $"{manifest.Rows:N0}", $"{manifest.Tokens:N0}", $"{Targets(manifest):N0}", ""],
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        var table = cells.Select(row => string.Join("  ", row.Select((cell, column) =>
            column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        return string.Join('\n', table.Concat(manifest.LeftOut.Select(reason => $"left out: {reason.Value:N0} {reason.Key}"))) + "\n";
    }
}
