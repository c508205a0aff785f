using System.Text.Json;
using Llamax.Text.Tokenizers.HuggingFace.Added;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <summary>The tokens of an array.</summary>
    public static List<AddedToken> Read(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var tokens = new List<AddedToken>();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return tokens;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new LlamaxException($"{file}: added_tokens is no array.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = reader.TokenStartIndex;
            tokens.Add(ReadOne(ref reader) ?? throw new LlamaxException(
                $"{file}, line {JsonPosition.Line(json, start)}: added_tokens[{tokens.Count}] must have content, a string, and single_word, lstrip, rstrip, normalized and special, each true or false."));
        }

        return tokens;
    }

    private static AddedToken? ReadOne(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var (content, flags, seen) = ((string?)null, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var flag = reader.ValueTextEquals("single_word"u8) ? 1
                : reader.ValueTextEquals("lstrip"u8) ? 2
                : reader.ValueTextEquals("rstrip"u8) ? 4
                : reader.ValueTextEquals("normalized"u8) ? 8
                : reader.ValueTextEquals("special"u8) ? 16 : 0;
            var isContent = reader.ValueTextEquals("content"u8);
            reader.Read();
            if (isContent && reader.TokenType == JsonTokenType.String)
            {
                content = reader.GetString();
            }
            else if (flag > 0 && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            {
                seen |= flag;
                flags |= reader.TokenType == JsonTokenType.True ? flag : 0;
            }

            reader.Skip();
        }

        return content is null || seen != 31 ? null : new AddedToken(content)
        {
            SingleWord = (flags & 1) != 0,
            StripLeft = (flags & 2) != 0,
            StripRight = (flags & 4) != 0,
            Normalized = (flags & 8) != 0,
            Special = (flags & 16) != 0,
        };
    }
}
