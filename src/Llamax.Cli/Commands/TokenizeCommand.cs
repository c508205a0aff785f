using System.CommandLine;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenize</c>: lines in, ids or pieces out.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        var path = TokenizerOption();
        var pieces = new Option<bool>("--pieces") { Description = "Print pieces instead of ids." };
        var bos = new Option<bool>("--bos") { Description = "Begin each line with the begin-of-sentence token." };
        var eos = new Option<bool>("--eos") { Description = "End each line with the end-of-sentence token." };
        var command = new Command("tokenize", "Reads lines from standard input and prints their token ids, separated by spaces.")
        {
            path, pieces, bos, eos,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(path)!;
            var tokenizer = TokenizerFolder.Load(file);
            var asPieces = parsed.GetValue(pieces);
            var first = parsed.GetValue(bos) ? Required(tokenizer.BosId, "--bos", file) : (int?)null;
            var last = parsed.GetValue(eos) ? Required(tokenizer.EosId, "--eos", file) : (int?)null;
            var ids = new List<int>();
            await StandardStreams.TransformAsync(
                (text, _, answer) =>
                {
                    if (asPieces)
                    {
                        var result = tokenizer.EncodePieces(text).AsEnumerable();
                        result = first is { } begin ? result.Prepend(tokenizer.IdToPiece(begin)) : result;
                        result = last is { } end ? result.Append(tokenizer.IdToPiece(end)) : result;
                        answer.AppendJoin(' ', result);
                        return;
                    }

                    ids.Clear();
                    AddIfAny(ids, first);
                    tokenizer.Encode(text, ids);
                    AddIfAny(ids, last);
                    answer.AppendJoin(' ', ids);
                },
                cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The option that names a tokenizer, the same for every verb.</summary>
    public static Option<string> TokenizerOption() => new("--tokenizer")
    {
        Description = "A SentencePiece .model file, or a model folder with tokenizer.model in it.",
        HelpName = "FILE|DIR",
        Required = true,
    };

    private static void AddIfAny(List<int> ids, int? id)
    {
        if (id is { } value)
        {
            ids.Add(value);
        }
    }

    private static int Required(int? id, string option, string file) =>
        id ?? throw new LlamaxException($"{option}: the tokenizer {file} has no such token. Leave the option out.");
}
