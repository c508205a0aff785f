using System.CommandLine;
using Llamax.Corpora.Readers;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer train</c>: a byte-pair encoding from text files.</summary>
internal static class TokenizerTrainCommand
{
    public static Command Create()
    {
        var defaults = new BpeTrainerOptions();
        var input = new Option<string[]>("--input")
        {
            Description = "UTF-8 text files, one sentence a line; also .gz, and archive.tar.gz!inner/path.",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--out") { Description = "The SentencePiece .model file to write.", HelpName = "FILE.model", Required = true };
        var size = new Option<int>("--vocabulary-size") { Description = "Number of pieces, bytes and control symbols included.", Required = true };
        var coverage = new Option<double>("--character-coverage")
        {
            Description = "Share of the characters that get a piece of their own; the rest is left to bytes.",
            DefaultValueFactory = _ => defaults.CharacterCoverage,
        };
        var symbols = new Option<string[]>("--user-symbol") { Description = "A string that always is one piece; may be given again.", HelpName = "TEXT" };
        var length = new Option<int>("--max-piece-length")
        {
            Description = "Characters in the longest piece.",
            DefaultValueFactory = _ => defaults.MaxPieceLength,
        };
        var pad = Flag("--pad", "Add <pad> as id 3.");
        var digits = Flag("--split-digits", "Make every digit a piece of its own, as LLaMA does.");
        var noBytes = Flag("--no-byte-fallback", "Leave the 256 bytes out: rare characters become <unk>.");
        var mixScripts = Flag("--mix-scripts", "Allow several Unicode scripts in one piece.");
        var mixNumbers = Flag("--mix-numbers", "Allow digits and letters in one piece.");
        var crossSpaces = Flag("--cross-spaces", "Allow pieces that reach over a space.");
        var noPrefix = Flag("--no-dummy-prefix", "Do not put a space before each text.");
        var removeSpaces = Flag("--remove-extra-whitespaces", "Drop spaces at the ends and doubled ones.");
        var command = new Command("train", "Trains a byte-pair encoding and writes it as a SentencePiece model.")
        {
            input, output, size, coverage, symbols, length, pad, digits, noBytes, mixScripts, mixNumbers, crossSpaces, noPrefix, removeSpaces,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new BpeTrainerOptions
            {
                VocabularySize = parsed.GetValue(size),
                CharacterCoverage = parsed.GetValue(coverage),
                UserSymbols = parsed.GetValue(symbols) ?? [],
                MaxPieceLength = parsed.GetValue(length),
                PadSymbol = parsed.GetValue(pad),
                SplitDigits = parsed.GetValue(digits),
                ByteFallback = !parsed.GetValue(noBytes),
                SplitByUnicodeScript = !parsed.GetValue(mixScripts),
                SplitByNumber = !parsed.GetValue(mixNumbers),
                SplitByWhitespace = !parsed.GetValue(crossSpaces),
                AddDummyPrefix = !parsed.GetValue(noPrefix),
                RemoveExtraWhitespaces = parsed.GetValue(removeSpaces),
            };
            var path = parsed.GetValue(output)!;
            var files = parsed.GetValue(input)!.SelectMany(pattern => TextFile.Find(pattern, "--input")).ToList();
            var tokenizer = new BpeTrainer(options).Train(files.SelectMany(LineReader.Read), path, cancellationToken);
            Console.Error.WriteLine($"{path}: {tokenizer.VocabularySize} pieces");
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

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
