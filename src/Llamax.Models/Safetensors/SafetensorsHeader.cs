using System.Text.Json;
using Llamax.Models.Checkpoints;
using static TorchSharp.torch;

namespace Llamax.Models.Safetensors;

/// <summary>
/// Parses and checks the JSON header. Format: https://huggingface.co/docs/safetensors — eight bytes with the header's
/// length, the header, then the tensors' bytes without gap or overlap.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own bound of the header's length.</summary>
    public const int MaximalLength = 100_000_000;

    public static (IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(
        string file, ReadOnlyMemory<byte> json, long dataStart, long fileLength)
    {
        if (json.Length == 0 || json.Span[0] != (byte)'{')
        {
            throw Broken(file, "the header does not start with '{'");
        }

        using var document = ParseJson(file, json);
        var entries = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            var name = Name(file, property);
            if (!names.Add(name))
            {
                throw Broken(file, $"the name '{name}' occurs twice");
            }

            if (name == "__metadata__")
            {
                ReadMetadata(file, property.Value, metadata);
            }
            else
            {
                entries.Add(ReadEntry(file, name, property.Value, dataStart));
            }
        }

        CheckLayout(file, entries, dataStart, fileLength);
        return (entries, metadata);
    }

    public static LlamaxException Broken(string file, string what) =>
        new($"{file}: not a whole safetensors file: {what}. Download or write the file again.");

    private static JsonDocument ParseJson(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw Broken(file, $"the header is not JSON ({exception.Message.TrimEnd('.')})");
        }
    }

    private static string Name(string file, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw Broken(file, "a name in the header is not valid text");
        }
    }

    private static void ReadMetadata(string file, JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Broken(file, "__metadata__ is not an object");
        }

        foreach (var property in value.EnumerateObject())
        {
            var text = property.Value.ValueKind == JsonValueKind.String ? Text(property.Value) : null;
            metadata[Name(file, property)] = text ?? throw Broken(file, "a value in __metadata__ is not a string");
        }
    }

    private static TensorEntry ReadEntry(string file, string name, JsonElement value, long dataStart)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Broken(file, $"'{name}' is not an object");
        }

        JsonElement? dtype = null, dimensions = null, offsets = null;
        foreach (var property in value.EnumerateObject())
        {
            ref var target = ref dtype;
            switch (Name(file, property))
            {
                case "dtype": target = ref dtype; break;
                case "shape": target = ref dimensions; break;
                case "data_offsets": target = ref offsets; break;
                default: throw Broken(file, $"'{name}' has an unknown key");
            }

            if (target is not null)
            {
                throw Broken(file, $"'{name}' states a key twice");
            }

            target = property.Value;
        }

        var typeName = dtype is { ValueKind: JsonValueKind.String } text ? Text(text) : null;
        var type = SafetensorsTypes.Find(typeName)
            ?? throw Broken(file, $"'{name}' is of type '{typeName}', known are {SafetensorsTypes.Names}");
        var shape = Numbers(dimensions) ?? throw Broken(file, $"'{name}' has no valid shape");
        if (Numbers(offsets) is not [var begin, var end] || begin > end || end > long.MaxValue - dataStart)
        {
            throw Broken(file, $"'{name}' has no valid data_offsets");
        }

        if (ByteLength(shape, SafetensorsTypes.Size(type)) != end - begin)
        {
            throw Broken(file, $"'{name}' of type {typeName} and shape [{string.Join(", ", shape)}] does not take {end - begin} bytes");
        }

        return new TensorEntry(name, type, shape, dataStart + begin, end - begin);
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate.
        }
    }

    private static long[]? Numbers(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } array)
        {
            return null;
        }

        var numbers = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i] < 0)
            {
                return null;
            }

            i++;
        }

        return numbers;
    }

    /// <summary>Null where the product does not fit, as no file is that long.</summary>
    private static long? ByteLength(long[] shape, long size)
    {
        foreach (var dimension in shape)
        {
            if (Math.BigMul(size, dimension, out var low) != 0 || low < 0)
            {
                return null;
            }

            size = low;
        }

        return size;
    }

    private static void CheckLayout(string file, List<TensorEntry> entries, long dataStart, long fileLength)
    {
        entries.Sort((a, b) => (a.Offset, a.Length, a.Name).CompareTo((b.Offset, b.Length, b.Name)));
        var expected = dataStart;
        foreach (var entry in entries)
        {
            if (entry.Offset != expected)
            {
                throw Broken(file, $"'{entry.Name}' starts at byte {entry.Offset} where {expected} was expected (gap or overlap)");
            }

            expected += entry.Length;
        }

        if (expected > fileLength)
        {
            throw Broken(file, $"it is cut off: its header promises {expected:N0} bytes, the file has {fileLength:N0}");
        }

        if (expected != fileLength)
        {
            throw Broken(file, $"{fileLength - expected:N0} bytes follow the last tensor");
        }
    }
}
