using System.CommandLine;
using System.Globalization;
using System.Text;
using Llamax.Evaluation.Analysis.Fertility;
using Llamax.Reports.Figures;
using Llamax.Text.Files;
using Llamax.Text.Languages;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer fertility</c>: tokens per word, by language.</summary>
internal static class TokenizerFertilityCommand
{
    public static Command Create()
    {
        var tokenizers = new Option<string[]>("--tokenizer")
        {
            Description = "Tokenizers to measure: files or folders, as `llamax tokenize` takes them.",
            HelpName = "FILE|DIR",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var data = new Option<string>("--data") { Description = "flores101, flores200, or files with {language} (and {split}) in their path.", HelpName = "NAME|PATH", Required = true };
        var root = new Option<string>("--root") { Description = "The folder that the data's path starts from; it holds flores/ (default: the current one).", HelpName = "DIR", DefaultValueFactory = _ => "" };
        var split = new Option<string>("--split") { Description = "dev or devtest.", DefaultValueFactory = _ => "devtest" };
        split.AcceptOnlyFromAmong("dev", "devtest");
        var definition = new Option<string>("--definition")
        {
            Description = "paper: per space-separated word, per character for Chinese and Japanese; as-released: per space-separated word for all, as in the paper's Table 1.",
            DefaultValueFactory = _ => FertilityMeasure.Name(FertilityDefinition.Paper),
        };
        definition.AcceptOnlyFromAmong([.. FertilityMeasure.Names]);
        var languages = new Option<string?>("--languages") { Description = "Codes, separated by commas (default: all that the data have).", HelpName = "LIST" };
        var csv = new Option<string?>("--csv") { Description = "Write the numbers, unrounded, to this file.", HelpName = "FILE" };
        var figure = new Option<string?>("--figure") { Description = "Draw them into this file.", HelpName = "FILE.svg" };
        var json = new Option<bool>("--json") { Description = "Print them as JSON." };
        csv.WritesFile();
        figure.WritesFile();
        var command = new Command("fertility", "Measures how finely tokenizers cut each language: tokens per word.")
        {
            tokenizers, data, root, split, definition, languages, csv, figure, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var by = FertilityMeasure.Parse(parsed.GetValue(definition)!);
            var named = parsed.GetValue(tokenizers)!.Distinct().Select(path => (path, TokenizerArguments.Open(path))).ToList();
            var files = FertilityData.Find(parsed.GetValue(data)!, parsed.GetValue(root)!, parsed.GetValue(split)!);
            var chosen = parsed.GetValue(languages) is { } list
                ? [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(code => LanguageRegistry.Default.Get(code).Code).Distinct()]
                : files.Languages;
            var rows = FertilityMeasure.Measure(named, [.. files.ReadLines(chosen)], by, cancellation);
            var name = $"{parsed.GetValue(data)} {parsed.GetValue(split)}";
            if (parsed.GetValue(csv) is { } table)
            {
                AtomicFile.WriteText(table, FertilityMeasure.ToCsv(rows, by), cancellation);
            }

            if (parsed.GetValue(figure) is { } picture)
            {
                AtomicFile.WriteText(picture, FertilityFigure.Draw(rows, by, name), cancellation);
            }

            Console.Out.Write(parsed.GetValue(json)
                ? JsonOutput.Of(new { Data = name, Definition = FertilityMeasure.Name(by), Rows = rows })
                : Text(rows, by, name));
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static string Text(IReadOnlyList<FertilityRow> rows, FertilityDefinition definition, string data)
    {
        var text = new StringBuilder($"Tokens per word on {data}, definition: {FertilityMeasure.Name(definition)}"
            + $"{(definition == FertilityDefinition.Paper ? " (characters instead of words for Chinese and Japanese)" : " (space-separated words for every language)")}\n");
        foreach (var tokenizer in rows.GroupBy(row => row.Tokenizer))
        {
            text.Append('\n').Append(tokenizer.Key).Append('\n').Append(TextTable.Of("lllr",
            [
                ["language", "name", "unit", "tokens", "units", "per line", "per corpus"],
                .. tokenizer.Select(row => new[]
                {
                    row.Language, row.Name, row.Unit, $"{row.Tokens:N0}", $"{row.Units:N0}", Ratio(row.PerLine), Ratio(row.PerCorpus),
                }),
            ]));
        }

        return text.ToString();
    }

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
