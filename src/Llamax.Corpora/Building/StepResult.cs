using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Llamax.Corpora.Building.Chunks;
using Llamax.Corpora.Building.Planning;
using Llamax.Corpora.Building.Units;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building;

/// <summary>What a step of a build leaves in its folder for the next one, as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UnitScan))]
[JsonSerializable(typeof(BuildPlan))]
[JsonSerializable(typeof(ChunkResult))]
internal sealed partial class StepResult : JsonSerializerContext
{
    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">How it is written.</param>
    /// <exception cref="LlamaxException">It is missing or damaged.</exception>
    public static T Load<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw new JsonException("nothing is in it");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new LlamaxException($"{path} is damaged: {exception.Message} Remove its folder and start again.", exception);
        }
    }

    /// <summary>Writes a result, as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="result">The result.</param>
    /// <param name="type">How it is written.</param>
    public static void Save<T>(string path, T result, JsonTypeInfo<T> type) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, result, type));
}
