using System.Text.Json;
using System.Text.Unicode;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>What has to be so before a JSON file is taken apart.</summary>
internal static class JsonText
{
    /// <summary>A file's content without the byte order mark that it may begin with.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(byte[] content) => content.AsMemory(content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);

    /// <summary>Refuses strings that are no text: .NET's JSON classes take them, and throw when they are asked for them.</summary>
    /// <param name="file">Path, for messages.</param>
    /// <param name="json">Its content.</param>
    /// <exception cref="LlamaxException">It has invalid UTF-8, or a string with half a character.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void CheckStrings(string file, ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new LlamaxException($"{file} is not UTF-8, as JSON must be. Fetch the file anew, or save it as UTF-8.");
        }

        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new LlamaxException(
                $"{file}, line {JsonPosition.Line(json, reader.TokenStartIndex)}: a string has half a character in it (\\uD800 to \\uDFFF without its other half). Fetch the file anew.",
                exception);
        }
    }
}
