using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads patterns: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class Patterns
{
    /// <summary>The pattern of a component.</summary>
    /// <exception cref="LlamaxException">It is neither, empty, or a regular expression that cannot be read as the library does.</exception>
    public static SplitPattern Read(JsonPart owner)
    {
        var part = owner.Get("pattern");
        if (part.IsText || part.OptionalText("String") is not null)
        {
            var literal = part.IsText ? part.AsText() : part.Text("String");
            return literal.Length > 0 ? new LiteralPattern(Encoding.UTF8.GetBytes(literal)) : throw part.Error("must not be empty.");
        }

        try
        {
            return SplitPattern.Find(part.Text("Regex"));
        }
        catch (LlamaxException exception)
        {
            throw part.Error($"cannot be used. {exception.Message}", exception);
        }
    }

    /// <summary>What stands in place of the pattern's matches.</summary>
    /// <remarks>As it stands: the library has no references to groups (<c>$1</c>).</remarks>
    public static string Content(JsonPart owner) => owner.Text("content");
}
