using System.CommandLine;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax lexicon</c>: the verbs that make and show multilingual lexicons.</summary>
internal static class LexiconCommand
{
    public static Command Create() => new("lexicon", "Makes and shows the multilingual lexicons of code-switching.")
    {
        LexiconBuildCommand.Create(),
        LexiconStatsCommand.Create(),
        LexiconShowCommand.Create(),
    };

    /// <summary>The argument that names a lexicon.</summary>
    public static Argument<string> FileArgument() => new("FILE") { Description = "A lexicon that `llamax lexicon build` wrote." };
}
