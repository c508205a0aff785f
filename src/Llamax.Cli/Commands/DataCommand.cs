using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data</c>: the verbs that make and show training data.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Makes and shows training data.")
    {
        DataStatsCommand.Create(),
        DataShowCommand.Create(),
        DataVerifyCommand.Create(),
        DataBuildCommand.Create(),
        DataMergeCommand.Create(),
        DataPatternsCommand.Create(),
    };
}
