using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax lexicon</c>: the verbs that make and show multilingual lexicons.</summary>
internal static class LexiconCommand
{
    /// <summary>How these verbs write JSON.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static Command Create() => new("lexicon", "Makes and shows the multilingual lexicons of code-switching.")
    {
        LexiconBuildCommand.Create(),
        LexiconStatsCommand.Create(),
        LexiconShowCommand.Create(),
    };

    /// <summary>The argument that names a lexicon.</summary>
    public static Argument<string> FileArgument() => new("FILE") { Description = "A lexicon that `llamax lexicon build` wrote." };
}
