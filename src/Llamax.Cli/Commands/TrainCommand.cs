using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax train</c> and <c>llamax finetune</c>: a recipe up to continual pre-training, or up to instruction tuning.</summary>
internal static class TrainCommand
{
    public static Command CreateTrain() =>
        Create("train", "Trains the models of a recipe up to the end of continual pre-training.", "pretrain");

    public static Command CreateFinetune() =>
        Create("finetune", "Trains the models of a recipe up to the end of instruction tuning.", "finetune");

    private static Command Create(string name, string description, string until)
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe, a YAML file." };
        var (output, settings) = (RunCommand.OutputOption(), RunCommand.SetOption());
        var command = new Command(name, description) { recipe, output, settings };
        command.SetAction((parsed, cancellation) => Task.FromResult(RunCommand.Run(
            parsed.GetValue(recipe)!, parsed.GetValue(output), parsed.GetValue(settings) ?? [], from: null, until, cancellation)));
        return command;
    }
}
