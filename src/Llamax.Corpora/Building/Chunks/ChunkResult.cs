using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;

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
        var result = StepResult.Load(Path.Combine(folder, FileName), StepResult.Default.ChunkResult);
        return result with { Cleaning = result.Cleaning ?? [] }; // A file of an earlier version has none, and no default then.
    }

    public void Save(string folder) => StepResult.Save(Path.Combine(folder, FileName), this, StepResult.Default.ChunkResult);
}
