using System.CommandLine;
using Llamax.Cli.Progress;
using Llamax.Models.Hub;
using Llamax.Models.Hub.Catalog;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax pull</c>: brings a model, a tokenizer or a data set into the cache and prints where it is.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME[@REVISION]")
        {
            Description = "A model's repository such as org/name, a data set's as datasets/org/name, with a branch, tag or commit behind an @; or one of\n"
                + string.Join("\n", DownloadCatalog.Names.Select(each => $"  {each.Name}: {each.Description}")),
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be loaded." };
        var json = new Option<bool>("--json") { Description = "A JSON array: what was named, then what it needs, each with its path and files." };
        var command = new Command("pull", "Loads a model, a tokenizer or a data set, and prints its folder or file.") { name, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var progress = new PullProgress(Console.Error, TimeProvider.System, live: !Console.IsErrorRedirected);
            using var puller = new Puller(HubSettings.FromEnvironment(), progress);
            var dry = parsed.GetValue(dryRun);
            try
            {
                var pulled = await puller.PullAsync(parsed.GetRequiredValue(name), dry, cancellationToken);
                if (!dry)
                {
                    progress.Finish();
                }

                Console.Write(parsed.GetValue(json) ? JsonOutput.Of(pulled, nulls: true) : dry ? Table(pulled) : pulled[0].Path + "\n");
            }
            catch (OperationCanceledException)
            {
                progress.Note("interrupted; what was loaded is kept, and the same command goes on from there");
                throw;
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<Pulled> pulled) => string.Concat(pulled.Select(each =>
    {
        var missing = each.Files.Where(file => !file.WasThere).ToList();
        return TextTable.Of("lr",
            [
                [$"{each.Name}{(each.Commit is null ? "" : $" at {each.Commit}")}", "size", ""],
                .. each.Files.Select(file => new[] { file.Path, file.Size is { } size ? ByteSize.Of(size) : "?", file.WasThere ? "is there" : "to load" }),
            ])
            + $"{missing.Count:N0} of {each.Files.Count:N0} files to load, {ByteSize.Of(missing.Sum(file => file.Size ?? 0))}, into {each.Path}\n";
    }));
}
