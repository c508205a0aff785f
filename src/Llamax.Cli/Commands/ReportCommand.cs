using System.CommandLine;
using Llamax.Recipes;
using Llamax.Reports;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax report</c>: the page of a run, or of several, made anew elsewhere.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("dir") { Description = "Run folders, for example runs/starter.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Where the page and its tables go; with several runs, a folder in it for each.", HelpName = "DIR", Required = true };
        output.WritesFolder();
        var command = new Command("report", "Writes the page and the tables of finished runs.") { folders, output };
        command.SetAction(parsed =>
        {
            var runs = parsed.GetValue(folders)!.Select(folder => (Name: Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/')), Data: RunReport.Of(folder))).ToList();
            if (runs.GroupBy(run => run.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new LlamaxException($"Two of the folders are named {twice.Key}; rename one, or make their pages one at a time.");
            }

            foreach (var (name, data) in runs)
            {
                var target = runs.Count == 1 ? parsed.GetValue(output)! : Path.Combine(parsed.GetValue(output)!, name);
                ReportWriter.Write(data, target);
                Console.Out.WriteLine(Path.Combine(target, "index.html"));
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
