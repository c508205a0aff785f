using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data build</c>: the tokenizer and the training sets of a recipe.</summary>
internal static class DataBuildCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe, a YAML file." };
        var output = RunCommand.OutputOption();
        output.Required = true;
        output.Description = "The run folder: the tokenizer goes into DIR/tokenizer, the training sets into DIR/data.";
        var settings = RunCommand.SetOption();
        var command = new Command("build", "Makes the training sets of a recipe: Arrow shards with manifests.") { recipe, output, settings };
        command.SetAction((parsed, cancellation) => Task.FromResult(RunCommand.Run(
            parsed.GetValue(recipe)!, parsed.GetValue(output), parsed.GetValue(settings) ?? [], from: null, until: "data", cancellation)));
        return command;
    }
}
