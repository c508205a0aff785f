using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax tokenizer</c>: the verbs that make tokenizers.</summary>
internal static class TokenizerCommand
{
    public static Command Create() => new("tokenizer", "Makes, converts, extends and measures tokenizers.")
    {
        TokenizerConvertCommand.Create(),
        TokenizerTrainCommand.Create(),
        TokenizerExtendCommand.Create(),
        TokenizerFertilityCommand.Create(),
    };
}
