using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Models;

/// <summary>Typed access to a JSON object's keys; each message names the file and the key. A null value is an absent key.</summary>
internal sealed class JsonKeys(string source, JsonElement json)
{
    private const long MaximalLength = 16 << 20;

    public string Source => source;

    public static JsonElement Parse(string file)
    {
        try
        {
            if (FileStamp.Of(file).Length > MaximalLength)
            {
                throw new LlamaxException($"{file}: is longer than {MaximalLength:N0} bytes, which no configuration is.");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new LlamaxException($"{file}: a JSON object was expected.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{file}: cannot be read: {exception.Message}", exception);
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{file}: is not JSON: {exception.Message}", exception);
        }
    }

    public string? Text(string key) => Get(key) is { } value ? Text(key, value) : null;

    public bool? Flag(string key) => Get(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false");

    public double? Number(string key) => Get(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Wrong(key, "a number");

    public double RequiredNumber(string key) => Number(key) ?? throw Missing(key);

    public int? Integer(string key) => Get(key) is not { } value ? null : Integer(key, value);

    public int RequiredInteger(string key) => Integer(key) ?? throw Missing(key);

    /// <summary>A number or a list of numbers; empty where the key is absent.</summary>
    public IReadOnlyList<int> Integers(string key) => Get(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => Integer(key, item))],
        { } value => [Integer(key, value)],
    };

    public JsonKeys? Section(string key) => Get(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonKeys(source, value) : throw Wrong(key, "an object");

    /// <summary>All keys.</summary>
    public IEnumerable<string> Names() => json.EnumerateObject().Select(Name);

    /// <summary>All keys of an object whose values are texts.</summary>
    public IEnumerable<(string Key, string Value)> Texts() => json.EnumerateObject().Select(property =>
    {
        var key = Name(property);
        return (key, Text(key, property.Value));
    });

    /// <summary>The value of a key where it is one of those that are supported; the first where it is absent.</summary>
    /// <exception cref="LlamaxException">It is another.</exception>
    public string Expect(string key, params ReadOnlySpan<string> supported)
    {
        var value = Text(key) ?? supported[0];
        return supported.Contains(value) ? value
            : throw new LlamaxException($"{source}: {key} '{value}' is not supported; supported is: {string.Join(", ", supported.ToArray())}.");
    }

    /// <summary>Throws where a flag is there and has the value that is not supported.</summary>
    /// <exception cref="LlamaxException">It has.</exception>
    public void Expect(string key, bool expected)
    {
        if (Flag(key) is { } value && value != expected)
        {
            throw new LlamaxException($"{source}: {key} {(value ? "true" : "false")} is not supported.");
        }
    }

    /// <summary>The width of one of the heads that share the hidden states evenly.</summary>
    /// <exception cref="LlamaxException">They cannot.</exception>
    public int HeadSize(int hidden, int heads, string headsKey) => heads > 0 && hidden % heads == 0
        ? hidden / heads
        : throw new LlamaxException($"{source}: a width of {hidden} is not a multiple of {headsKey} {heads}, and head_dim is not given.");

    private static bool TryInteger(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    private int Integer(string key, JsonElement value) =>
        TryInteger(value, out var number) ? number : throw Wrong(key, "a whole number");

    private string Text(string key, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Valid(() => value.GetString()!, $"the key '{key}'")
        : throw Wrong(key, "a text");

    private string Name(JsonProperty property) => Valid(() => property.Name, "each key");

    private JsonElement? Get(string key) => Valid<JsonElement?>(
        () => json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null, "each key");

    /// <summary>What is read of a JSON that may hold half a surrogate pair, which no text has.</summary>
    private T Valid<T>(Func<T> read, string what)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw new LlamaxException($"{source}: {what} must be valid text.", exception);
        }
    }

    private LlamaxException Missing(string key) => new($"{source}: the key '{key}' is missing.");

    private LlamaxException Wrong(string key, string expected) => new($"{source}: the key '{key}' must be {expected}.");
}
