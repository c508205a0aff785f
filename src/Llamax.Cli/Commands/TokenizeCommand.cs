using System.CommandLine;
using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenize</c>: lines in, ids or pieces out.</summary>
internal static class TokenizeCommand
{
    private const int MostIds = IdText.MostAtATime - 1024; // What is put around a line is far less.

    public static Command Create()
    {
        var path = TokenizerArguments.Option();
        var pieces = new Option<bool>("--pieces") { Description = "Print pieces instead of ids." };
        var bos = new Option<bool>("--bos") { Description = "Begin each line with the begin-of-sentence token." };
        var eos = new Option<bool>("--eos") { Description = "End each line with the end-of-sentence token." };
        var frame = new Option<bool>("--frame") { Description = "Put around each line all that the model expects there: BOS, EOS, the language's token." };
        var language = new Option<string?>("--language") { Description = "With --frame: the lines' language, for families that mark it (NLLB, M2M-100).", HelpName = "CODE" };
        var special = new Option<string>("--special")
        {
            Description = "Whether names of special tokens in a line are parsed, as the family's own library does it, or are text like any other.",
            HelpName = "parse|text",
            DefaultValueFactory = _ => "parse",
        };
        special.AcceptOnlyFromAmong("parse", "text");
        var command = new Command(
            "tokenize",
            "Reads lines from standard input and prints their token ids, separated by spaces. A line ends at a line feed; bytes that are no UTF-8 are read as the tokenizer's own library reads them.")
        {
            path, pieces, bos, eos, frame, language, special,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(path)!;
            var tokenizer = TokenizerArguments.Open(file);
            var parse = parsed.GetValue(special) == "text" ? SpecialTokens.Text : SpecialTokens.Parse;
            var around = Around(
                tokenizer, file, parsed.GetValue(bos), parsed.GetValue(eos), parsed.GetValue(frame), parsed.GetValue(language));
            await StandardStreams.TransformAsync(
                parsed.GetValue(pieces) ? PrintPieces(tokenizer, around, parse) : PrintIds(tokenizer, around, parse), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static SequenceFrame Around(Tokenizer tokenizer, string file, bool bos, bool eos, bool frame, string? language)
    {
        if (language is not null && !frame)
        {
            throw new LlamaxException("--language says which language token --frame puts around a line: give --frame too, or leave it out.");
        }

        if (frame && (bos || eos))
        {
            throw new LlamaxException("--frame puts BOS and EOS where the model expects them: leave out --bos and --eos.");
        }

        return frame ? tokenizer.Frame(language) : new SequenceFrame(
            bos ? [Required(tokenizer.BosId, "--bos", file)] : [], eos ? [Required(tokenizer.EosId, "--eos", file)] : []);
    }

    private static StandardStreams.LineWork PrintIds(Tokenizer tokenizer, SequenceFrame around, SpecialTokens special)
    {
        var text = new IdText(tokenizer.VocabularySize);
        var (prefix, suffix) = (around.Prefix.ToArray(), around.Suffix.ToArray());
        var ids = new int[1024 + prefix.Length + suffix.Length];
        prefix.CopyTo(ids, 0);
        return (line, number, output) =>
        {
            int count;
            while (!tokenizer.TryEncode(line, ids.AsSpan(prefix.Length, ids.Length - prefix.Length - suffix.Length), out count, special))
            {
                if (count > MostIds)
                {
                    throw new LlamaxException($"standard input, line {number}: {count} tokens are more than can be printed in a line. Put line breaks into it.");
                }

                Array.Resize(ref ids, prefix.Length + (int)Math.Min(2L * count, MostIds) + suffix.Length);
            }

            suffix.CopyTo(ids, prefix.Length + count);
            text.Append(ids.AsSpan(0, prefix.Length + count + suffix.Length), output);
        };
    }

    private static StandardStreams.LineWork PrintPieces(Tokenizer tokenizer, SequenceFrame around, SpecialTokens special) => (line, _, output) =>
    {
        var pieces = around.Prefix.Select(tokenizer.IdToPiece)
            .Concat(tokenizer.EncodePieces(line, special)).Concat(around.Suffix.Select(tokenizer.IdToPiece));
        Encoding.UTF8.GetBytes(string.Join(' ', pieces), output);
    };

    private static int Required(int? id, string option, string file) =>
        id ?? throw new LlamaxException($"{option}: the tokenizer {file} has no such token. Leave the option out.");
}
