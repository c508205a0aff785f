using System.CommandLine;
using System.Globalization;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax detokenize</c>: ids in, lines out.</summary>
internal static class DetokenizeCommand
{
    public static Command Create()
    {
        var path = TokenizeCommand.TokenizerOption();
        var command = new Command(
            "detokenize",
            "Reads lines of token ids from standard input and prints their texts. A line break within a text is printed as "
            + "a space, so that output lines stay beside their input lines.") { path };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tokenizer = TokenizerFolder.Load(parsed.GetValue(path)!);
            var ids = new List<int>();
            await StandardStreams.TransformAsync(
                (text, number, answer) =>
                {
                    ids.Clear();
                    foreach (var range in text.AsSpan().SplitAny(" \t"))
                    {
                        var word = text.AsSpan(range);
                        if (!word.IsEmpty)
                        {
                            ids.Add(Parse(word, number, tokenizer));
                        }
                    }

                    answer.Append(tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids))).Replace('\n', ' ');
                },
                cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static int Parse(ReadOnlySpan<char> word, long line, Tokenizer tokenizer) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < tokenizer.VocabularySize
            ? id
            : throw new LlamaxException(
                $"standard input, line {line}: '{word}' is no token id. Expected numbers from 0 to {tokenizer.VocabularySize - 1}, separated by spaces.");
}
