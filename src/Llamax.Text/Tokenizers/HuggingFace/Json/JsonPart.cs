using System.Text.Json;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>A small part of a JSON file that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct JsonPart(JsonElement value, string file, string path)
{
    /// <summary>The part's <c>type</c>.</summary>
    public string Type => Text("type");

    /// <summary>The members of an array.</summary>
    public IReadOnlyList<JsonPart> Items
    {
        get
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                throw Error("is no array.");
            }

            var items = new List<JsonPart>(value.GetArrayLength());
            foreach (var item in value.EnumerateArray())
            {
                items.Add(new JsonPart(item, file, $"{path}[{items.Count}]"));
            }

            return items;
        }
    }

    /// <summary>The properties of an object.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Properties
    {
        get
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                throw Error("is no object.");
            }

            foreach (var property in value.EnumerateObject())
            {
                yield return (property.Name, new JsonPart(property.Value, file, $"{path}.{property.Name}"));
            }
        }
    }

    /// <summary>What to throw: the file, the place and <paramref name="what"/>, a sentence whose subject is the place.</summary>
    public LlamaxException Error(string what, Exception? inner = null) => new($"{file}: {path} {what}", inner);

    /// <summary>A property, or null where it is absent or null.</summary>
    public JsonPart? Find(string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Error("is no object.");
        }

        return value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null
            ? new JsonPart(found, file, $"{path}.{name}") : null;
    }

    /// <summary>A property that must be there.</summary>
    public JsonPart Get(string name) => Find(name) ?? throw Error($"lacks \"{name}\".");

    /// <summary>A string that must be there.</summary>
    public string Text(string name) => Get(name).AsText();

    /// <summary>A string, or null.</summary>
    public string? OptionalText(string name) => Find(name)?.AsText();

    /// <summary>A string of one character (a Unicode scalar).</summary>
    public string Character(string name)
    {
        var text = Text(name);
        return text.Length > 0 && text.EnumerateRunes().Count() == 1 ? text : throw Get(name).Error("must be one character.");
    }

    /// <summary>true or false.</summary>
    public bool Flag(string name, bool? fallback = null) => Find(name) is not { } part
        ? fallback ?? throw Error($"lacks \"{name}\".")
        : part.AsFlag() ?? throw part.Error("must be true or false.");

    /// <summary>A number that is no negative one.</summary>
    public int Number(string name) => Get(name).AsNumber();

    /// <summary>true, false, or null where it is neither.</summary>
    public bool? AsFlag() => value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>The part as a whole number that is not negative.</summary>
    public int AsNumber() => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
        ? number : throw Error("must be a whole number from 0 on.");

    /// <summary>Whether the part is the number 0.</summary>
    public bool IsZero => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 0;

    /// <summary>Whether the part is a string.</summary>
    public bool IsText => value.ValueKind == JsonValueKind.String;

    /// <summary>The part as a string.</summary>
    public string AsText()
    {
        try
        {
            return IsText ? value.GetString()! : throw Error("must be a string.");
        }
        catch (InvalidOperationException exception)
        {
            throw Error("is a string with half a character in it.", exception);
        }
    }

    /// <summary>The bytes that a string stands for in base64.</summary>
    public byte[] AsBytes()
    {
        try
        {
            return value.GetBytesFromBase64();
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw Error("must be a string in base64.", exception);
        }
    }
}
