using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model</c>: look at model folders.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Looks at model folders and checks what they compute.")
    {
        ModelInfoCommand.Create(),
        ModelCheckCommand.Create(),
    };
}
