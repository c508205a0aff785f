using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model</c>: look at model folders, and convert them.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Looks at model folders, checks what they compute, and converts them.")
    {
        ModelInfoCommand.Create(),
        ModelCheckCommand.Create(),
        ModelConvertCommand.Create(),
    };
}
