using System.CommandLine;
using Llamax.Cli.Progress;
using Llamax.Recipes;
using Llamax.Recipes.Schema;
using Llamax.Reports;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax run</c>: everything that a recipe says, from texts to the report.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe, a YAML file." };
        var output = OutputOption();
        var settings = SetOption();
        var from = new Option<string?>("--from") { Description = $"Do this stage and all later ones anew: {string.Join(", ", RecipeRun.StageNames)}.", HelpName = "STAGE" };
        var until = new Option<string?>("--until") { Description = "Stop after this stage.", HelpName = "STAGE" };
        var command = new Command("run", "Does everything that a recipe says, and only what is missing or has changed.") { recipe, output, settings, from, until };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetValue(recipe)!, parsed.GetValue(output), parsed.GetValue(settings) ?? [], parsed.GetValue(from), parsed.GetValue(until), cancellation)));
        return command;
    }

    /// <summary>The option for the run folder.</summary>
    public static Option<string?> OutputOption()
    {
        var option = new Option<string?>("--out") { Description = "The run folder (default: runs/NAME).", HelpName = "DIR" };
        option.WritesFolder();
        return option;
    }

    /// <summary>The option that overrides keys of the recipe.</summary>
    public static Option<string[]> SetOption() => new("--set") { Description = "Override a key of the recipe, for example pretrain.learning_rate=1e-4. May be given several times.", HelpName = "KEY=VALUE" };

    /// <summary>Runs a recipe and prints what came of it.</summary>
    public static int Run(string path, string? folder, string[] settings, string? from, string? until, CancellationToken cancellation)
    {
        var run = new RecipeRun(RecipeFile.Load(path, settings), folder);
        var done = RunProgress.Show(progress => run.Run(progress, from, until, cancellation));
        if (done == 0)
        {
            Console.Error.WriteLine($"Nothing was to be done: {Shown(run.Folder)} is up to date.");
        }

        if (until is null or "report")
        {
            Console.Out.Write(ReportWriter.Summary(RunReport.Of(run.Folder)));
            Console.Out.WriteLine($"\n{Shown(run.ReportPage)}");
        }

        return ExitCodes.Done;
    }

    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
