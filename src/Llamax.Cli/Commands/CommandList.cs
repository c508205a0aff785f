using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary>Every verb, in the order in which the help shows them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All() =>
    [
        RunCommand.Create(),
        TrainCommand.CreateTrain(),
        TrainCommand.CreateFinetune(),
        DoctorCommand.Create(),
        DataCommand.Create(),
        LexiconCommand.Create(),
        TokenizeCommand.Create(),
        DetokenizeCommand.Create(),
        TokenizerCommand.Create(),
        LanguagesCommand.Create(),
        ModelCommand.Create(),
        PullCommand.Create(),
        ScoreCommand.Create(),
        TranslateCommand.Create(),
        GenerateCommand.Create(),
        EvaluateCommand.Create(),
        ReportCommand.Create(),
    ];
}
