using System.Buffers;
using System.Buffers.Text;
using System.CommandLine;
using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax detokenize</c>: ids in, lines out.</summary>
internal static class DetokenizeCommand
{
    public static Command Create()
    {
        var path = TokenizerArguments.Option();
        var command = new Command(
            "detokenize",
            "Reads lines of token ids from standard input and prints their texts. A line break within a text is printed as "
            + "a space, so that output lines stay beside their input lines.") { path };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await StandardStreams.TransformAsync(PrintText(TokenizerArguments.Open(parsed.GetValue(path)!)), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static StandardStreams.LineWork PrintText(Tokenizer tokenizer)
    {
        var (decoder, text, characters) = (tokenizer.CreateDecoder(), new StringBuilder(), new char[1024]);
        return (line, number, output) =>
        {
            text.Clear();
            foreach (var range in line.SplitAny(" \t\r"u8))
            {
                if (!line[range].IsEmpty)
                {
                    decoder.Add(Parse(line[range], number, tokenizer), text);
                }
            }

            decoder.Finish(text);
            if (characters.Length < text.Length)
            {
                characters = new char[2 * text.Length];
            }

            // In one piece: a character may lie across two of the builder's blocks.
            var all = characters.AsSpan(0, text.Length);
            text.CopyTo(0, all, all.Length);
            all.Replace('\n', ' ');
            Encoding.UTF8.GetBytes(all, output);
        };
    }

    private static int Parse(ReadOnlySpan<byte> word, long line, Tokenizer tokenizer) =>
        Utf8Parser.TryParse(word, out int id, out var length) && length == word.Length && char.IsAsciiDigit((char)word[0]) && id < tokenizer.VocabularySize
            ? id
            : throw new LlamaxException(
                $"standard input, line {line}: '{Encoding.UTF8.GetString(word)}' is no token id. Expected numbers from 0 to {tokenizer.VocabularySize - 1}, separated by spaces.");
}
