using System.Text.Json;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.HuggingFace.Json;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>A JSON object of a model folder, with messages that name the file and the key. A null value is an absent key.</summary>
internal sealed class JsonFile
{
    private const long LargestFile = 64 << 20;

    private readonly string path;
    private readonly JsonElement root;

    private JsonFile(string path, JsonElement root) => (this.path, this.root) = (path, root);

    /// <summary>Reads a file, or gives null where there is none.</summary>
    /// <exception cref="LlamaxException">It cannot be read, or is no JSON object.</exception>
    public static JsonFile? ReadIfThere(string path)
    {
        if (Content(path) is not { } content)
        {
            return null;
        }

        try
        {
            JsonText.CheckStrings(path, content.Span);
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonFile(path, document.RootElement.Clone())
                : throw new LlamaxException($"{path}: a JSON object was expected.");
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{path} is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>The tokens that a tokenizer.json adds to its vocabulary, with the rest of the file passed over; none where there is no such file.</summary>
    /// <exception cref="LlamaxException">The file is not sound.</exception>
    public static IReadOnlyList<AddedToken> ReadAddedTokens(string path)
    {
        const string Key = "added_tokens";
        if (Content(path) is not { } content)
        {
            return [];
        }

        try
        {
            var reader = new Utf8JsonReader(content.Span);
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(Key);
                reader.Read();
                if (found)
                {
                    var list = JsonElement.ParseValue(ref reader);
                    var file = new JsonFile(path, list);
                    return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(file.AddedTokenWithId)]
                        : throw file.Wrong(Key, "a list");
                }

                reader.Skip();
            }

            return isObject ? [] : throw new LlamaxException($"{path}: a JSON object was expected.");
        }
        catch (InvalidOperationException exception)
        {
            throw new LlamaxException($"{path}: {Key} has a string with half a character or invalid bytes in it. Fetch the file anew.", exception);
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{path} is not JSON: {exception.Message}", exception);
        }
    }

    public JsonElement? Get(string key) => Get(root, key);

    public string? Text(string key) => Get(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, "a text");

    public bool? Flag(string key) => Get(key) is { } value ? Flag(value, key) : null;

    public int? Count(string key) => Get(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 0 and <= 1 << 20 ? number
        : throw Wrong(key, $"a number from 0 to {1 << 20}");

    /// <summary>A token, which may be written as its name or as an object with <c>content</c>; an empty one is none.</summary>
    public string? TokenName(string key) => Get(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } token when Get(token, "content") is { ValueKind: JsonValueKind.String } name && name.ValueEquals("") => null,
        { ValueKind: JsonValueKind.String } name when name.ValueEquals("") => null,
        { } value => TokenName(value, key),
    };

    /// <summary>The names of a list of tokens.</summary>
    public IEnumerable<string> TokenNames(string key) => Get(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(token => TokenName(token, key)),
        _ => throw Wrong(key, "a list"),
    };

    /// <summary>The object as names with ids.</summary>
    public Dictionary<string, int> Ids()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, value) in root.EnumerateObject().Select(property => (property.Name, property.Value)))
        {
            ids[name] = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0
                ? id : throw Wrong(name, "an id");
        }

        return ids;
    }

    /// <summary>A token with all that an object says about it.</summary>
    public AddedToken Token(JsonElement value, int id, string key)
    {
        return new AddedToken(TokenName(value, key), id, Is("special"))
        {
            LeftStrip = Is("lstrip"),
            RightStrip = Is("rstrip"),
            SingleWord = Is("single_word"),
        };

        bool Is(string flag) => value.ValueKind == JsonValueKind.Object && Get(value, flag) is { } said && Flag(said, flag);
    }

    public LlamaxException Wrong(string key, string expected) => new($"{path}: the key '{key}' must be {expected}.");

    private static ReadOnlyMemory<byte>? Content(string path)
    {
        try
        {
            return !File.Exists(path) ? (ReadOnlyMemory<byte>?)null
                : FileStamp.Of(path).Length <= LargestFile ? JsonText.WithoutMark(File.ReadAllBytes(path))
                : throw new LlamaxException($"{path} is larger than {LargestFile >> 20} MiB, which no such file is.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private AddedToken AddedTokenWithId(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && Get(value, "id") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var id) && id >= 0
            ? Token(value, id, "added_tokens")
            : throw Wrong("added_tokens", "a list of objects with `id` and `content`");

    private static JsonElement? Get(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private bool Flag(JsonElement value, string key) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false");

    private string TokenName(JsonElement value, string key)
    {
        var name = value.ValueKind == JsonValueKind.Object ? Get(value, "content") : value;
        return name is { ValueKind: JsonValueKind.String } text && text.GetString()!.Length > 0
            ? text.GetString()! : throw Wrong(key, "a token: its name, or an object with `content`");
    }
}
