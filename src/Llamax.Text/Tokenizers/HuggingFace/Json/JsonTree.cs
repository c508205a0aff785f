using System.Text.Json;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Takes small parts of JSON as trees, without letting them take much memory.</summary>
internal static class JsonTree
{
    private const int FewValues = 20_000;

    /// <summary>Takes the value where a reader stands; null where it is null.</summary>
    /// <param name="file">Path, for messages.</param>
    /// <param name="path">The value's place in it.</param>
    /// <param name="reader">At the start of the value; then at its end.</param>
    /// <param name="mostValues">The most values that there may be in it.</param>
    public static JsonPart? Read(string file, string path, ref Utf8JsonReader reader, int mostValues = FewValues)
    {
        var ahead = reader;
        var depth = ahead.CurrentDepth;
        for (var count = 0; ahead.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject || ahead.CurrentDepth > depth; count++)
        {
            if (count > mostValues)
            {
                throw new LlamaxException($"{file}: {path} has more than {mostValues} values, which no tokenizer needs.");
            }

            ahead.Read();
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Null ? null : new JsonPart(document.RootElement.Clone(), file, path);
    }

    /// <summary>Takes a file as a tree; null where there is none.</summary>
    /// <exception cref="LlamaxException">It is no sound JSON.</exception>
    public static JsonPart? ReadFile(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var json = JsonText.WithoutMark(File.ReadAllBytes(file)).Span;
            JsonText.CheckStrings(file, json);
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return Read(file, "the file", ref reader, Math.Max(FewValues, json.Length / 4));
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{file}, line {exception.LineNumber + 1}: this is no sound JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{file} cannot be read: {exception.Message}", exception);
        }
    }
}
