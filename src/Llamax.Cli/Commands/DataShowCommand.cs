using System.CommandLine;
using Llamax.Corpora.Shards;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data show</c>: entries of a training set as text.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A training set: a folder with manifest.json." };
        var count = new Option<int>("-n") { Description = "Entries to show, spread evenly over the training set.", DefaultValueFactory = _ => 10 };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "Tokenizer file or folder, where the manifest's is not in its place.", HelpName = "FILE|DIR" };
        count.Within(1);
        var command = new Command(
            "show",
            "Shows entries of a training set as text. The part without loss is dimmed on a terminal, and in ⟦brackets⟧ elsewhere.")
        {
            folder, count, tokenizer,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            using var set = new ShardSet(path);
            var decoder = Load(path, set.Manifest, parsed.GetValue(tokenizer));
            var terminal = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
            var shown = Math.Clamp(parsed.GetValue(count), 0, set.Rows);
            for (var i = 0L; i < shown; i++)
            {
                var row = (long)((Int128)i * set.Rows / shown);
                var (shard, local) = set.Locate(row);
                foreach (var entry in shard.ReadEntries(local))
                {
                    Console.Out.Write(Text(row, entry, decoder, path, terminal));
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Tokenizer Load(string folder, ShardManifest manifest, string? named)
    {
        if (named is null && manifest.Tokenizer is null)
        {
            throw new LlamaxException($"{folder}: the manifest names no tokenizer. Name it with --tokenizer.");
        }

        var file = named ?? Path.GetFullPath(Path.Combine(folder, manifest.Tokenizer!.Path));
        if (named is null && !File.Exists(file))
        {
            throw new LlamaxException($"{file}, the tokenizer that the manifest names, is not there. Name it with --tokenizer.");
        }

        // Beside it may lie what says which family it belongs to.
        var beside = Path.GetDirectoryName(file);
        return TokenizerArguments.Open(named is null && TokenizerFolder.Holds(beside!) && TokenizerFolder.MainFile(beside!) == file ? beside! : file);
    }

    private static string Text(long row, Corpora.TrainingExample example, Tokenizer tokenizer, string folder, bool terminal)
    {
        if (example.InputIds.AsSpan().ContainsAnyExceptInRange(0, tokenizer.VocabularySize - 1))
        {
            throw new LlamaxException(
                $"{folder}, entry {row}: an id is outside the tokenizer's {tokenizer.VocabularySize} ids. Name the tokenizer that made the training set with --tokenizer.");
        }

        var from = Math.Clamp(example.LossFrom, 0, example.InputIds.Length);
        var context = from <= 1 ? "" : VisibleText.Of(tokenizer.Decode(example.InputIds.AsSpan(0, from)));
        var target = VisibleText.Of(tokenizer.Decode(example.InputIds.AsSpan(from <= 1 ? 0 : from)));
        var before = context.Length == 0 ? "" : terminal ? $"\u001b[2m{context}\u001b[0m " : $"⟦{context}⟧ ";
        return $"{row}  {example.Kind}  {example.Direction}  {example.InputIds.Length} tokens\n    {before}{target}\n";
    }
}
