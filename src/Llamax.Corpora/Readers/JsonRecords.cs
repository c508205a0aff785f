using System.Text.Json;

namespace Llamax.Corpora.Readers;

/// <summary>The objects of a JSON file: one per line (<c>.jsonl</c>, <c>.ndjson</c>), or one array of them (<c>.json</c>).</summary>
internal static class JsonRecords
{
    public static bool IsJson(TextFile file) => IsLines(file) || file.HasExtension(".json");

    /// <summary>The objects, each with the place that messages name.</summary>
    public static IEnumerable<(JsonElement Record, string Place)> Read(TextFile file) => IsLines(file) ? ReadLines(file) : ReadArray(file);

    /// <summary>A text of an object; null where the object does not have it.</summary>
    /// <exception cref="LlamaxException">It is there but no text.</exception>
    public static string? Text(JsonElement record, string field, string place)
    {
        if (!record.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw NoText();
        }
        catch (InvalidOperationException)
        {
            throw NoText(); // An escaped lone surrogate.
        }

        LlamaxException NoText() => new($"{place}: \"{field}\" is no text. Expected \"{field}\": \"...\".");
    }

    private static bool IsLines(TextFile file) => file.HasExtension(".jsonl") || file.HasExtension(".ndjson");

    private static IEnumerable<(JsonElement Record, string Place)> ReadLines(TextFile file)
    {
        var number = 0L;
        foreach (var line in LineReader.Read(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                var place = $"{file.Name}, line {number}";
                yield return (Object(Parse(() => JsonDocument.Parse(line), place), place), place);
            }
        }
    }

    private static IEnumerable<(JsonElement Record, string Place)> ReadArray(TextFile file)
    {
        var root = Parse(() => JsonDocument.Parse(JsonDocuments.Read(file)), file.Name);
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new LlamaxException($"{file.Name}: expected an array of objects, [{{...}}, ...]. Files with one object per line end in .jsonl.");
        }

        return root.EnumerateArray().Select((record, i) => (Object(record, $"{file.Name}, entry {i + 1}"), $"{file.Name}, entry {i + 1}"));
    }

    private static JsonElement Parse(Func<JsonDocument> parse, string place)
    {
        try
        {
            using var document = parse();
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{place}: {exception.Message}", exception);
        }
    }

    private static JsonElement Object(JsonElement record, string place) => record.ValueKind == JsonValueKind.Object
        ? record
        : throw new LlamaxException($"{place}: expected an object, {{\"...\": ...}}.");
}
