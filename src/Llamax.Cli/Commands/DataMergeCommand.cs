using System.CommandLine;
using Llamax.Recipes;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data merge</c>: the parts that workers made as whole training sets.</summary>
internal static class DataMergeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "The run folder of the workers, which gets the training sets; and those of workers that wrote elsewhere.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("merge", "Puts together what `llamax data build --worker i/K` made in parts.") { folders };
        command.SetAction(parsed =>
        {
            foreach (var (set, manifest) in RecipeRun.MergeData(parsed.GetRequiredValue(folders)))
            {
                Console.WriteLine($"{set}\t{manifest.Rows:N0} entries\t{manifest.Tokens:N0} tokens");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
