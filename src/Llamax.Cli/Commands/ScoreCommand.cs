using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization;
using Llamax.Metrics;
using Llamax.Metrics.Tokenization;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax score</c>: BLEU, spBLEU and chrF of translations against references.</summary>
internal static class ScoreCommand
{
    private static readonly string[] MetricNames = ["bleu", "spbleu", "chrf", "chrf++"];

    public static Command Create()
    {
        var metrics = Several("--metric", "One or more of bleu, spbleu, chrf, chrf++.");
        metrics.AcceptOnlyFromAmong(MetricNames);
        var references = Several("--ref", "Reference translations, one line per segment; several files are several references.");
        var hypotheses = Several("--hyp", "Translations to score, one line per segment; several files are several systems.");
        var tokenizer = new Option<string?>("--tokenize") { Description = "How bleu finds words (default: 13a)." };
        tokenizer.AcceptOnlyFromAmong([.. BleuTokenizer.Named.Select(named => named.Name)]);
        var model = new Option<string?>("--spm")
        {
            Description = "The SentencePiece model of spbleu: FILE, or NAME=FILE to choose its name in the signature.",
            HelpName = "[NAME=]FILE",
        };
        var sentence = new Option<bool>("--sentence") { Description = "The score of each line too (BLEU with effective order)." };
        var json = new Option<bool>("--json") { Description = "A JSON array with unrounded scores, statistics and signatures." };
        var command = new Command("score", "Scores translations with sacreBLEU's numbers and signatures.")
        {
            metrics, references, hypotheses, tokenizer, model, sentence, json,
        };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(metrics)!.Distinct().ToList();
            var tokenize = Tokenizer(chosen, parsed.GetValue(tokenizer), parsed.GetValue(model));
            var referenceLines = parsed.GetValue(references)!.Select(ReadLines).ToArray();
            var entries = new List<Entry>();
            foreach (var path in parsed.GetValue(hypotheses)!)
            {
                var lines = ReadLines(path);
                CheckLines(path, lines, parsed.GetValue(references)!, referenceLines);
                entries.AddRange(chosen.Select(name => Score(name, path, lines, referenceLines, tokenize, parsed.GetValue(sentence))));
            }

            Console.Out.Write(parsed.GetValue(json) ? JsonOutput.Of(entries) : Text(entries));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<string[]> Several(string name, string description) =>
        new(name) { Description = description, Required = true, AllowMultipleArgumentsPerToken = true };

    private static Func<string, BleuTokenizer> Tokenizer(List<string> metrics, string? tokenize, string? spm)
    {
        Require(metrics.Contains("spbleu") == spm is not null, spm is null
            ? "spbleu needs its SentencePiece model: --spm FILE."
            : "--spm gives the model of spbleu, which --metric does not ask for.");
        Require(tokenize is null || metrics.Contains("bleu"), "--tokenize says how bleu finds words, which --metric does not ask for.");
        var words = BleuTokenizer.Find(tokenize ?? BleuTokenizer.V13a.Name);
        if (spm is null)
        {
            return _ => words;
        }

        var named = spm.Split('=', 2);
        var pieces = named.Length == 2 && !File.Exists(spm)
            ? BleuTokenizer.SentencePieceFile(named[1], named[0])
            : BleuTokenizer.SentencePieceFile(spm);
        return metric => metric == "spbleu" ? pieces : words;
    }

    private static Entry Score(
        string name, string system, string[] hypotheses, string[][] references, Func<string, BleuTokenizer> tokenizer, bool sentence)
    {
        var metric = Metric(effectiveOrder: false);
        var entry = new Entry(system, metric.Corpus(hypotheses, references), hypotheses.Length);
        if (!sentence)
        {
            return entry;
        }

        var scores = Metric(effectiveOrder: true).Sentences(hypotheses, references);
        return entry with { SentenceScores = [.. scores.Select(score => score.Value)], SentenceSignature = scores[0].Signature };

        Metric Metric(bool effectiveOrder) => name switch
        {
            "chrf" => new Chrf(),
            "chrf++" => new Chrf(new ChrfOptions { WordOrder = 2 }),
            _ => new Bleu(new BleuOptions { Tokenizer = tokenizer(name), EffectiveOrder = effectiveOrder }),
        };
    }

    private static string Text(List<Entry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            text.Append($"{entry.System}\t{entry.Recipe}\t{entry.Signature}\n");
            foreach (var (index, score) in (entry.SentenceScores ?? []).Index())
            {
                text.Append($"{entry.System}:{index + 1}\t{entry.Metric} = {score:F2}\t{entry.SentenceSignature}\n");
            }
        }

        return text.ToString();
    }

    private static void CheckLines(string path, string[] lines, string[] references, string[][] referenceLines)
    {
        foreach (var (reference, other) in references.Zip(referenceLines))
        {
            Require(lines.Length == other.Length,
                $"{path} has {lines.Length} lines and {reference} has {other.Length}; line i of each must belong together.");
        }
    }

    /// <summary>The lines of a UTF-8 file. As for sacreBLEU, only a line feed ends a line, and a byte order mark
    /// is a character like any other.</summary>
    private static string[] ReadLines(string path)
    {
        Require(File.Exists(path), Directory.Exists(path) ? $"{path} is a folder. Name a file." : $"{path}: there is no such file.");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            var lines = text.Split('\n').Select(line => line.TrimEnd('\r'));
            return [.. text.EndsWith('\n') || text.Length == 0 ? lines.SkipLast(1) : lines];
        }
        catch (DecoderFallbackException exception)
        {
            throw new LlamaxException($"{path}: not UTF-8 at byte {exception.Index}; convert the file first.", exception);
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new LlamaxException(message);
        }
    }

    /// <summary>One element of the JSON array.</summary>
    private sealed record Entry(string System, [property: JsonIgnore] Score Recipe, [property: JsonPropertyOrder(1)] int Sentences)
    {
        public string Metric => Recipe.Metric;

        public double Score => Recipe.Value;

        public string Signature => Recipe.Signature;

        [JsonPropertyOrder(1)]
        public object? Statistics => Recipe switch
        {
            BleuScore bleu => new
            {
                bleu.Counts,
                bleu.Totals,
                bleu.Precisions,
                bleu.BrevityPenalty,
                bleu.SystemLength,
                bleu.ReferenceLength,
            },
            ChrfScore chrf => new { chrf.HypothesisCounts, chrf.ReferenceCounts, chrf.Matches },
            _ => null,
        };

        [JsonPropertyOrder(1)]
        public IReadOnlyList<double>? SentenceScores { get; init; }

        [JsonPropertyOrder(1)]
        public string? SentenceSignature { get; init; }
    }
}
