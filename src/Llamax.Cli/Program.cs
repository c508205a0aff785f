using System.CommandLine;
using Llamax.Cli;
using Llamax.Cli.Commands;

var root = new RootCommand("Llamax teaches a language model to translate between more than a hundred languages.");
foreach (var command in CommandList.All())
{
    root.Subcommands.Add(command);
}

return await ExitCodes.RunAsync(root, args);
