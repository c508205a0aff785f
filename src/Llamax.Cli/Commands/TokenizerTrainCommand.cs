using System.CommandLine;
using Llamax.Corpora.Readers;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer train</c>: a BPE or unigram model from text files.</summary>
internal static class TokenizerTrainCommand
{
    public static Command Create()
    {
        var input = new Option<string[]>("--input")
        {
            Description = "UTF-8 text files, one sentence a line; also .gz, and archive.tar.gz!inner/path.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "The SentencePiece .model file to write; a .vocab file (piece, tab, score) is written beside it.",
            HelpName = "FILE.model",
            Required = true,
        };
        var json = new Option<string>("--tokenizer-json") { Description = "Also write Hugging Face's tokenizer.json.", HelpName = "FILE" };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads to work with; the result does not depend on them.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        threads.Within(1);
        output.WritesFile();
        json.WritesFile();
        var invalid = new InvalidUtf8Argument();
        var options = new TokenizerTrainArguments();
        var command = new Command("train", "Trains a BPE or unigram tokenizer and writes it as a SentencePiece model.")
        {
            input, output, json, threads,
        };
        invalid.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var files = parsed.GetRequiredValue(input).SelectMany(pattern => TextFile.Find(pattern, "--input")).ToList();
            var statistics = new ReadingStatistics();
            var progress = new TrainingProgressLine(statistics, files);
            var trainer = options.Trainer(parsed, parsed.GetValue(threads), progress);
            var path = parsed.GetRequiredValue(output);
            var list = Path.ChangeExtension(path, ".vocab");
            if (list == path)
            {
                throw new LlamaxException($"--out {path}: the list of pieces gets the ending .vocab; name the model FILE.model.");
            }

            if (!OutputPlace.Of(path).IsFile)
            {
                throw new LlamaxException($"--out {path} is no file, and the list of pieces is written beside the model. Name a file.");
            }

            ArgumentChecks.RefuseOverwriting([path, list, parsed.GetValue(json)], [.. files.Select(file => file.DiskPath), trainer.NormalizerFrom]);
            var pieces = trainer.Write(invalid.Read(parsed, files, statistics), path, list, cancellationToken);
            if (parsed.GetValue(json) is { } target)
            {
                TokenizerJson.Convert(path, target);
            }

            progress.Finish();
            invalid.Report(parsed, statistics);
            Console.Error.WriteLine($"{path}: {pieces} pieces");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>The option that names a normalisation.</summary>
    public static Option<string> NormalizerOption()
    {
        var option = new Option<string>("--normalizer")
        {
            Description = "How text is normalised before it is cut.",
            DefaultValueFactory = _ => "identity",
        };
        option.AcceptOnlyFromAmong("identity", "nfkc", "nmt_nfkc", "nfkc_cf", "nmt_nfkc_cf");
        return option;
    }

    /// <summary>The option that names a model whose normalisation is taken.</summary>
    public static Option<string> NormalizerFromOption() => new("--normalizer-from")
    {
        Description = "A SentencePiece .model whose normalisation is taken, whitespace rules included.",
        HelpName = "FILE.model",
    };
}
