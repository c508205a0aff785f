using System.Text.Json;
using Llamax.Text.Tokenizers.HuggingFace.Added;
using Llamax.Text.Tokenizers.HuggingFace.Models;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>
/// Reads a <c>tokenizer.json</c> in one pass over its bytes. Only small parts are taken as a tree; vocabulary and merges
/// go straight into their tables, whose sizes are known from a first look.
/// </summary>
internal static class TokenizerFileReader
{
    /// <summary>Reads the file.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="LlamaxException">It is not there, no sound JSON, or not what it must be.</exception>
    public static TokenizerFile Read(string file)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{file} cannot be read: {exception.Message}", exception);
        }

        return Read(file, JsonText.WithoutMark(json).Span);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">What messages name.</param>
    /// <param name="json">The text, without a byte order mark.</param>
    /// <exception cref="LlamaxException">It is no sound JSON, or not what it must be.</exception>
    public static TokenizerFile Read(string file, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return Read(file, json, ref reader);
        }
        catch (JsonException exception)
        {
            throw new LlamaxException(
                $"{file}, line {exception.LineNumber + 1}: this is no sound JSON, or the file ends early: {exception.Message} Fetch the file anew.", exception);
        }
        catch (InvalidOperationException exception)
        {
            var line = JsonPosition.Line(json, reader.TokenStartIndex);
            throw new LlamaxException($"{file}, line {line}: a string has half a character or invalid bytes in it. Fetch the file anew.", exception);
        }
    }

    private static TokenizerFile Read(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var parts = new Dictionary<string, JsonPart?>(StringComparer.Ordinal);
        IReadOnlyList<AddedToken> added = [];
        var model = default(Utf8JsonReader);
        var hasModel = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new LlamaxException($"{file} is no tokenizer.json: it holds no JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "added_tokens":
                    added = AddedTokenReader.Read(file, json, ref reader);
                    break;
                case "model":
                    model = reader;
                    hasModel = true;
                    reader.Skip();
                    break;
                case "normalizer" or "pre_tokenizer" or "post_processor" or "decoder":
                    parts[name] = JsonTree.Read(file, name, ref reader);
                    break;
                default:
                    reader.Skip(); // version, truncation and padding: what a caller does, not what a tokenizer is.
                    break;
            }
        }

        while (reader.Read())
        {
            // Whatever follows the object is no JSON, which the reader says.
        }

        if (!hasModel)
        {
            throw new LlamaxException($"{file} is no tokenizer.json: it lacks \"model\".");
        }

        var steps = PreTokenizerReader.Read(parts.GetValueOrDefault("pre_tokenizer"));
        var result = ModelReader.Read(file, json, model, steps is [.., ByteMappingStep], out var overBytes);
        if (overBytes)
        {
            steps.RemoveAt(steps.Count - 1); // The model itself reads bytes.
        }

        return new TokenizerFile
        {
            Normalizers = NormalizerReader.Read(parts.GetValueOrDefault("normalizer")),
            Steps = [.. steps],
            IsByteLevel = parts.GetValueOrDefault("pre_tokenizer")?.Type == "ByteLevel",
            Model = result,
            AddedTokens = added,
            Decoder = DecoderReader.Read(parts.GetValueOrDefault("decoder")),
            Frame = PostProcessorReader.Read(parts.GetValueOrDefault("post_processor")),
        };
    }
}
