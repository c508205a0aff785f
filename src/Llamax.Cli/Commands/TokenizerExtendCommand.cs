using System.CommandLine;
using Llamax.Corpora.Readers;
using Llamax.Models.Hub;
using Llamax.Models.Resizing;
using Llamax.Text.Tokenizers.Extending;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer extend</c>: new pieces for a language, and rows for them in a model.</summary>
internal static class TokenizerExtendCommand
{
    public static Command Create()
    {
        var defaults = new ExtensionOptions { NewTokens = 1 };
        var rows = new ResizeOptions();
        var baseModel = new Option<string>("--base") { Description = "The SentencePiece BPE to extend: a .model file, or a folder with tokenizer.model in it.", HelpName = "FILE|DIR", Required = true };
        var corpus = new Option<string[]>("--corpus")
        {
            Description = "UTF-8 text files of the language, one sentence a line; also patterns, .gz, and archive.tar.gz!inner/path.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var tokens = new Option<int>("--new-tokens") { Description = "Number of new pieces.", HelpName = "N", Required = true };
        var output = new Option<string>("--out") { Description = "The folder that receives tokenizer.model and extension.json, and with --model the resized model.", HelpName = "DIR", Required = true };
        var length = new Option<int>("--max-piece-length") { Description = "Characters in the longest new piece.", DefaultValueFactory = _ => defaults.MaxPieceLength };
        var count = new Option<int>("--min-count") { Description = "How often a new piece must occur.", DefaultValueFactory = _ => defaults.MinimumCount };
        var scripts = new Option<string[]>("--script") { Description = "Unicode's name of a script that new pieces may be of (default: those that dominate the corpus).", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var any = new Option<bool>("--any-script") { Description = "Allow new pieces of every script in the corpus." };
        var model = new Option<string?>("--model") { Description = "A model folder: its embedding and output get rows for the new pieces.", HelpName = "DIR" };
        var init = new Option<string>("--init") { Description = "What the new rows are: mean (of all rows), subwords (mean of the rows of the piece's old tokens), subwords+noise, zeros.", DefaultValueFactory = _ => RowInits.Name(rows.Init) };
        init.AcceptOnlyFromAmong([.. RowInits.Names]);
        var noise = new Option<double>("--noise-scale") { Description = "With subwords+noise: the noise, in standard deviations of the column.", DefaultValueFactory = _ => rows.NoiseScale };
        var seed = new Option<long>("--seed") { Description = "With subwords+noise: what the noise is drawn by.", DefaultValueFactory = _ => rows.Seed };
        var pad = new Option<int>("--pad-to-multiple-of") { Description = "Round the number of rows up to a multiple of this.", DefaultValueFactory = _ => rows.PadToMultipleOf };
        output.WritesFolder();
        tokens.Within<ExtensionOptions>(nameof(ExtensionOptions.NewTokens));
        length.Within<ExtensionOptions>(nameof(ExtensionOptions.MaxPieceLength));
        count.Within<ExtensionOptions>(nameof(ExtensionOptions.MinimumCount));
        noise.Within(0);
        pad.Within(1);
        var invalid = new InvalidUtf8Argument();
        var command = new Command("extend", "Adds pieces for a language to a SentencePiece BPE, and rows for them to a model.")
        {
            baseModel, corpus, tokens, output, length, count, scripts, any, model, init, noise, seed, pad,
        };
        invalid.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ExtensionOptions
            {
                NewTokens = parsed.GetValue(tokens),
                MaxPieceLength = parsed.GetValue(length),
                MinimumCount = parsed.GetValue(count),
                Scripts = parsed.GetValue(scripts) ?? [],
                AnyScript = parsed.GetValue(any),
            };
            var method = RowInits.Parse(parsed.GetValue(init)!);
            if (parsed.GetValue(model) is null)
            {
                ArgumentChecks.Refuse(parsed, [init, noise, seed, pad], "is about the rows of --model");
            }
            else if (method != RowInit.SubwordsWithNoise)
            {
                ArgumentChecks.Refuse(parsed, [noise, seed], $"belongs to --init {RowInits.Name(RowInit.SubwordsWithNoise)}");
            }

            var read = NamedModel.Find(parsed.GetValue(baseModel)!);
            var extender = new VocabularyExtender(read, options);
            var folder = parsed.GetValue(output)!;
            var resizer = parsed.GetValue(model) is { } source
                ? new EmbeddingResizer(LocalModel.Find(source), folder, new ResizeOptions
                {
                    Init = method,
                    NoiseScale = parsed.GetValue(noise),
                    Seed = parsed.GetValue(seed),
                    PadToMultipleOf = parsed.GetValue(pad),
                })
                : null;
            var files = parsed.GetValue(corpus)!.SelectMany(pattern => TextFile.Find(pattern, "--corpus")).ToList();
            ArgumentChecks.RefuseOverwriting(
                [Path.Combine(folder, "tokenizer.model"), Path.Combine(folder, "extension.json"), Path.Combine(folder, "tokenizer.json")],
                [Directory.Exists(read) ? Path.Combine(read, "tokenizer.model") : read, .. files.Select(file => file.DiskPath)]);
            var statistics = new ReadingStatistics();
            var extension = extender.Extend(invalid.Read(parsed, files, statistics), cancellation);
            var record = resizer?.Resize(extension, cancellation);
            ExtensionFolder.Write(folder, extension, options, files.Select(file => file.Name), record?.ToJson());
            invalid.Report(parsed, statistics);
            Console.Error.WriteLine($"{Path.Combine(folder, "tokenizer.model")}: {extension.Size} pieces, of which {extension.Pieces.Count} are new ({string.Join(", ", extension.Scripts)})");
            foreach (var note in record?.Notes ?? [])
            {
                Console.Error.WriteLine(note);
            }

            if (record?.HadTokenizerJson == true)
            {
                Console.Error.WriteLine(ExtensionFolder.RemakeTokenizerJson(folder));
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
