using System.CommandLine;
using System.Globalization;
using System.Text;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Evaluation.Analysis.Lexicons;
using Llamax.Models.Hub;
using Llamax.Text.Files;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax lexicon stats</c>: what a lexicon holds, how much of a text it knows, and how alike its entries are to a model.</summary>
internal static class LexiconStatsCommand
{
    public static Command Create()
    {
        var file = LexiconCommand.FileArgument();
        var json = new Option<bool>("--json") { Description = "The numbers as JSON." };
        var texts = new Option<string[]>("--text") { Description = "A text whose words are looked up, with its language: en=FILE.", HelpName = "LANG=FILE" };
        var model = new Option<string?>("--model")
        {
            Description = "A model folder: prints the average cosine of the embeddings of words and their translations, as in the paper's Table 2.",
            HelpName = "DIR",
        };
        var command = new Command("stats", "Checks a lexicon and counts its words, entries and target-language entities.") { file, json, texts, model };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            using var lexicon = MultilingualLexicon.Open(path);
            lexicon.Verify(cancellation);
            var statistics = LexiconStatistics.Of(lexicon, cancellation);
            var coverage = (parsed.GetValue(texts) ?? []).Select(text => Coverage(lexicon, text, cancellation)).ToList();
            var similarities = parsed.GetValue(model) is { } folder ? Similarities(lexicon, statistics, folder, cancellation) : null;
            Console.Out.Write(parsed.GetValue(json)
                ? JsonOutput.Of(Numbers(path, lexicon, statistics, coverage, similarities))
                : Text(path, lexicon, statistics, coverage, similarities));
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static LexiconCoverage Coverage(MultilingualLexicon lexicon, string text, CancellationToken cancellation) =>
        text.IndexOf('=') is > 0 and var equals && equals < text.Length - 1
            ? LexiconCoverage.Measure(lexicon, text[..equals], TextFile.FindOne(text[(equals + 1)..], "--text"), cancellation)
            : throw new LlamaxException($"--text {text} names no text. Expected its language and its file, en=FILE.");

    private static List<double?> Similarities(MultilingualLexicon lexicon, LexiconStatistics statistics, string folder, CancellationToken cancellation)
    {
        folder = LocalModel.Find(folder);
        using var similarity = new EntrySimilarity(folder, TokenizerArguments.Open(folder));
        return [.. statistics.Pairs.Select(pair => similarity.Measure(lexicon, pair.From, pair.To, cancellation))];
    }

    private static object Numbers(
        string path, MultilingualLexicon lexicon, LexiconStatistics statistics, List<LexiconCoverage> coverage, List<double?>? similarities) => new
        {
            File = path,
            Bytes = FileStamp.Of(path).Length,
            lexicon.Hops,
            FanOut = lexicon.Hops == 2 ? lexicon.FanOut : (int?)null,
            lexicon.Entries,
            statistics.Languages,
            Directions = statistics.Pairs.Select((pair, i) => new { pair.From, pair.To, pair.Words, pair.Entries, pair.Entities, Similarity = similarities?[i] }),
            lexicon.Dictionaries,
            Coverage = coverage.Count > 0 ? coverage : null,
        };

    private static string Text(
        string path, MultilingualLexicon lexicon, LexiconStatistics statistics, List<LexiconCoverage> coverage, List<double?>? similarities)
    {
        var hops = lexicon.Hops == 1 ? "1 hop" : $"2 hops with fan-out {lexicon.FanOut}";
        var text = new StringBuilder($"{path}: {lexicon.Entries:N0} entries, {hops}, of {lexicon.Dictionaries.Count()} dictionaries\n\n");
        text.Append(TextTable.Of("lr",
        [
            ["language", "words", "# entity"],
            .. statistics.Languages.Select(language => new[] { language.Language, $"{language.Words:N0}", $"{language.Entities:N0}" }),
        ]));
        text.Append('\n').Append(TextTable.Of("lr",
        [
            ["direction", "words", "entries", "# entity", .. similarities is null ? Array.Empty<string>() : ["similarity"]],
            .. statistics.Pairs.Select((pair, i) => new[]
            {
                $"{pair.From}-{pair.To}", $"{pair.Words:N0}", $"{pair.Entries:N0}", $"{pair.Entities:N0}",
            }.Concat(similarities is null ? [] : [similarities[i]?.ToString("F4", CultureInfo.InvariantCulture) ?? ""]).ToArray()),
        ]));
        if (coverage.Count > 0)
        {
            text.Append('\n').Append(TextTable.Of("lr",
            [
                ["text", "words", "known", "", "different", "known", ""],
                .. coverage.Select(each => new[]
                {
                    each.Language, $"{each.Running:N0}", $"{each.RunningKnown:N0}", Share(each.RunningKnown, each.Running),
                    $"{each.Distinct:N0}", $"{each.DistinctKnown:N0}", Share(each.DistinctKnown, each.Distinct),
                }),
            ]));
        }

        return text.ToString();
    }

    private static string Share(long part, long whole) => whole == 0 ? "" : (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture) + " %";
}
