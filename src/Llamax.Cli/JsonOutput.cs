using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Llamax.Cli;

/// <summary>How all verbs write JSON: names in snake_case, those of enumerations too, and every character as it is.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Short = New(indented: false, nulls: false);
    private static readonly JsonSerializerOptions Indented = New(indented: true, nulls: false);
    private static readonly JsonSerializerOptions Whole = New(indented: true, nulls: true);

    /// <summary>On one line, with what is known only.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Short);

    /// <summary>Indented, with a line end behind it.</summary>
    /// <param name="value">What is written.</param>
    /// <param name="nulls">Whether what is not known stands there as null.</param>
    public static string Of<T>(T value, bool nulls = false) => JsonSerializer.Serialize(value, nulls ? Whole : Indented) + "\n";

    private static JsonSerializerOptions New(bool indented, bool nulls) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = nulls ? JsonIgnoreCondition.Never : JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = indented,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
