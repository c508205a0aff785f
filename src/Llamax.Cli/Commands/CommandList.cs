using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary>Every verb, in the order in which the help shows them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All() =>
    [
        DoctorCommand.Create(),
        DataCommand.Create(),
        LanguagesCommand.Create(),
        ScoreCommand.Create(),
    ];
}
