using System.CommandLine;
using System.Globalization;
using Llamax.Evaluation.Matrix;
using Llamax.Evaluation.Results;
using Llamax.Metrics;
using Llamax.Metrics.Tokenization;
using Llamax.Models;
using Llamax.Models.Hub;
using Llamax.Text.Prompts;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax evaluate</c>: models on a line-aligned test set, in many directions.</summary>
internal static class EvaluateCommand
{
    private const long SampleSeed = 42;

    public static Command Create()
    {
        var benchmark = new Argument<string>("benchmark")
        {
            Description = $"The files of a line-aligned test set, with {TestSetFiles.Placeholder} for the language's code: test.{TestSetFiles.Placeholder}.txt, or archive.tar.gz!devtest/{TestSetFiles.Placeholder}.devtest.",
        };
        var systems = new Option<string[]>("--system") { Description = "A model folder to score, and its name in the results.", HelpName = "NAME=DIR", Required = true };
        var data = new Option<string>("--data") { Description = "The folder that the test set's path starts from (default: the current one).", HelpName = "DIR", DefaultValueFactory = _ => "" };
        var directions = new Option<string>("--directions") { Description = "Directions by pattern, separated by commas: en-fr, en-*, *-en, *-*.", HelpName = "LIST", DefaultValueFactory = _ => "*-*" };
        var output = new Option<string>("--out") { Description = "Where translations, results.json and results.csv go; what is there of the same models and options is not done again.", HelpName = "DIR", DefaultValueFactory = _ => "evaluation" };
        var sentences = new Option<int>("--sentences") { Description = "Sentences per direction, a random sample that is the same each time; 0 takes all.", HelpName = "N" };
        var beams = new Option<int>("--beams") { Description = "Beams of the search.", DefaultValueFactory = _ => new GenerationOptions().Beams };
        var tokens = new Option<int>("--max-new-tokens") { Description = "Tokens per translation at most.", DefaultValueFactory = _ => new GenerationOptions().MaxNewTokens };
        var template = new Option<string?>("--template") { Description = "Prompt template, by name or file; that of each model's family where it is not given.", HelpName = "NAME|FILE" };
        var model = new Option<string?>("--spm") { Description = "SentencePiece model of spBLEU; without it, only chrF is computed.", HelpName = "FILE" };
        output.WritesFolder();
        sentences.Within(0);
        beams.Within<GenerationOptions>(nameof(GenerationOptions.Beams));
        tokens.Within<GenerationOptions>(nameof(GenerationOptions.MaxNewTokens));
        var command = new Command("evaluate", "Translates a test set with models and scores each direction.")
        {
            benchmark, systems, data, directions, output, sentences, beams, tokens, template, model,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var files = new TestSetFiles(Path.Combine(parsed.GetValue(data)!, parsed.GetValue(benchmark)!));
            var chosen = Directions.Select(parsed.GetValue(directions)!.Split(','), files.Languages);
            var set = files.Read(chosen.SelectMany(direction => new[] { direction.Source, direction.Target }))
                .Sample(parsed.GetValue(sentences), new RandomStream(SampleSeed, "evaluate", "sentences"));
            var metrics = parsed.GetValue(model) is { } file
                ? new Metric[] { new Bleu(new BleuOptions { Tokenizer = BleuTokenizer.SentencePieceFile(file) }), new Chrf() }
                : [new Chrf()];
            var options = new GenerationOptions { Beams = parsed.GetValue(beams), MaxNewTokens = parsed.GetValue(tokens) };
            options.Validate();
            var asked = parsed.GetValue(template) is { } wording ? PromptTemplate.Find(wording) : null;
            var named = parsed.GetValue(systems)!.Select(Named).ToList();
            if (named.GroupBy(system => system.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new LlamaxException($"--system: two systems are called {twice.Key}; their translations would lie in one folder. Give each a name of its own.");
            }

            // Before any of them is evaluated: a model that reads no prompt would refuse the template.
            var wordless = asked is null ? [] : named.Where(system => ConfigFile.TemplateOf(system.Folder) is null).Select(system => system.Name).ToList();
            if (wordless.Count > 0 && wordless.Count < named.Count)
            {
                TokenizerArguments.Note($"--template is for the systems that read a prompt; told languages by tokens: {string.Join(", ", wordless)}");
            }

            var evaluator = new MatrixEvaluator(parsed.GetValue(output)!, set, metrics);
            var scores = named.SelectMany(system => Score(system, evaluator, chosen, wordless.Count < named.Count && wordless.Contains(system.Name) ? null : asked, options, cancellation)).ToList();
            ResultsFile.Write(parsed.GetValue(output)!, scores);
            foreach (var score in scores)
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score.System}\t{score.Direction}\t{score.Metric}\t{score.Score:F2}\t{score.Signature}"));
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static (string Name, string Folder) Named(string argument)
    {
        var parts = argument.Split('=', 2);
        return parts.Length == 2 && parts[0].Length > 0 && parts[0] is not ("." or "..") && !parts[0].AsSpan().ContainsAny(Path.GetInvalidFileNameChars())
            ? LocalModel.Find(parts[1]) is var folder && Directory.Exists(folder)
                ? (parts[0], folder)
                : throw new LlamaxException($"--system {argument}: there is no folder {parts[1]}.")
            : throw new LlamaxException($"--system {argument}: expected NAME=DIR, a name for the results and a model folder.");
    }

    private static IReadOnlyList<ScoreRecord> Score(
        (string Name, string Folder) system,
        MatrixEvaluator evaluator,
        IReadOnlyList<(string Source, string Target)> directions,
        PromptTemplate? template,
        GenerationOptions options,
        CancellationToken cancellation)
    {
        using var model = new ModelSystem(system.Name, system.Folder, template, options, TokenizerArguments.Note);
        return evaluator.Evaluate(
            model, directions,
            done => Console.Error.WriteLine($"{system.Name}: {done} of {directions.Count} directions"), cancellation);
    }
}
