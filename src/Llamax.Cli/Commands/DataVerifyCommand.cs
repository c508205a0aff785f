using System.CommandLine;
using Llamax.Corpora.Shards;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data verify</c>: compares the files of a training set with the hashes in its manifest.</summary>
internal static class DataVerifyCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A training set: a folder with manifest.json." };
        var command = new Command("verify", "Checks the files of a training set against its manifest; exit code 1 where one differs.") { folder };
        command.SetAction(parsed =>
        {
            using var set = new ShardSet(parsed.GetRequiredValue(folder));
            var wrong = set.Verify().ToList();
            foreach (var line in wrong)
            {
                Console.WriteLine(line);
            }

            if (wrong.Count > 0)
            {
                return ExitCodes.CheckFailed;
            }

            Console.WriteLine($"{set.Manifest.Shards.Count} shards with {set.Rows:N0} entries are as the manifest says.");
            return ExitCodes.Done;
        });
        return command;
    }
}
