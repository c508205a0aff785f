using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Chunks;

/// <summary>What became of a chunk; written last, beside its shards.</summary>
internal sealed record ChunkResult
{
    private const string FileName = "chunk.json";

    /// <summary>The chunk's shards in order.</summary>
    public IReadOnlyList<ShardEntry> Shards { get; init; } = [];

    /// <summary>Entries and ids per kind and direction.</summary>
    public IReadOnlyList<ShardGroup> Groups { get; init; } = [];

    /// <summary>How much was not made into an entry, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What cleaning left out that was not scanned before: instructions.</summary>
    public IReadOnlyList<CleaningCount> Cleaning { get; init; } = [];

    /// <summary>Seconds that it took.</summary>
    public double Seconds { get; init; }

    public static ChunkResult Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ChunkJson.Default.ChunkResult) is { } result
                ? result with { Cleaning = result.Cleaning ?? [] } // A file of an earlier version has none, and no default then.
                : throw new JsonException("nothing is in it");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new LlamaxException($"{path} is damaged: {exception.Message} Remove its folder and start again.", exception);
        }
    }

    public void Save(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, ChunkJson.Default.ChunkResult));
}

/// <summary>JSON of a chunk's result.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChunkResult))]
internal sealed partial class ChunkJson : JsonSerializerContext;
