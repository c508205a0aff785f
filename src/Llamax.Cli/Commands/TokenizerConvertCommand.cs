using System.CommandLine;
using Llamax.Corpora.Readers;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer convert</c>: a list of pieces becomes a model, a model becomes tokenizer.json.</summary>
internal static class TokenizerConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("FILE")
        {
            Description = "A list of pieces (piece, tab, score; also .gz), such as spm_train's .vocab; or a SentencePiece .model.",
        };
        var output = new Option<string>("--out")
        {
            Description = "The .model to write; from a .model, the tokenizer.json to write.",
            HelpName = "FILE",
            Required = true,
        };
        var type = new Option<string>("--type") { Description = "Kind of model; without it, BPE where all scores are whole numbers." };
        type.AcceptOnlyFromAmong("bpe", "unigram");
        var from = TokenizerTrainCommand.NormalizerFromOption();
        var normalizer = TokenizerTrainCommand.NormalizerOption();
        output.WritesFile();
        var command = new Command("convert", "Makes a SentencePiece model of a list of pieces, or a tokenizer.json of a SentencePiece model.")
        {
            input, output, type, normalizer, from,
        };
        command.SetAction(parsed =>
        {
            var (file, path) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            if (file.EndsWith(".model", StringComparison.OrdinalIgnoreCase))
            {
                if (parsed.GetResult(type) is not null || parsed.GetResult(from) is not null || parsed.GetResult(normalizer) is { Implicit: false })
                {
                    throw new LlamaxException($"{file} is a model and says itself what --type, --normalizer and --normalizer-from would say. Leave them out.");
                }

                ArgumentChecks.RefuseOverwriting([path], [file]);
                TokenizerJson.Convert(file, path);
                Console.Error.WriteLine($"{path}: written");
                return ExitCodes.Done;
            }

            var model = parsed.GetValue(from);
            ArgumentChecks.Refuse(parsed, model is null ? [] : [normalizer], "is what --normalizer-from takes from the other model");
            var list = TextFile.FindOne(file);
            ArgumentChecks.RefuseOverwriting([path], [list.DiskPath, model]);
            var tokenizer = PieceListConverter.Convert(LineReader.Read(list), list.Name, new PieceListOptions
            {
                Type = parsed.GetValue(type),
                Normalizer = parsed.GetValue(normalizer)!,
                NormalizerFrom = model,
            }, path);
            Console.Error.WriteLine($"{path}: {tokenizer.VocabularySize} pieces");
            return ExitCodes.Done;
        });
        return command;
    }
}
