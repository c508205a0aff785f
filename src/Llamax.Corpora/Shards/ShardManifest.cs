using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Shards;

/// <summary>What a folder of shards holds: <c>manifest.json</c>.</summary>
public sealed record ShardManifest
{
    /// <summary>The file's name in the folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Version of the layout; this code reads 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether rows hold several entries each.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PackingMode Packing { get; init; }

    /// <summary>Rows in all shards: entries, or where they are packed what holds several of them.</summary>
    public long Rows { get; init; }

    /// <summary>Ids in all shards, BOS and EOS included.</summary>
    public long Tokens { get; init; }

    /// <summary>Which tokenizer made the ids, or null where the writer was not told.</summary>
    public TokenizerStamp? Tokenizer { get; init; }

    /// <summary>Hash of what the training set was made from: sources, options, seed, tokenizer; empty where the writer was not told.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Entries and ids per kind and direction, ordered by both.</summary>
    public IReadOnlyList<ShardGroup> Groups { get; init; } = [];

    /// <summary>How much was left out while building, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What cleaning changed and left out, by step and language.</summary>
    public IReadOnlyList<CleaningCount> Cleaning { get; init; } = [];

    /// <summary>The shards, in the order in which the entries were added.</summary>
    public IReadOnlyList<ShardEntry> Shards { get; init; } = [];

    /// <summary>Reads the manifest of a folder and checks that its sums agree.</summary>
    /// <param name="folder">A folder that <see cref="ShardWriter"/> completed.</param>
    /// <exception cref="LlamaxException">It is missing or makes no sense.</exception>
    public static ShardManifest Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new LlamaxException(Directory.Exists(folder)
                ? $"{folder} has no {FileName}, so it is no complete training set. Build it again with `llamax data build`."
                : $"{folder}: no such folder. A training set is made by `llamax data build` or `llamax run`.");
        }

        ShardManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ShardManifest);
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{path}: {exception.Message} Build the training set again.", exception);
        }

        if (manifest is not { Version: 1, Groups: not null, LeftOut: not null, Shards: not null } // Null where the key is absent.
            || !Enum.IsDefined(manifest.Packing)
            || manifest.Shards.Any(shard => shard is not { IsPlausible: true })
            || !AreCounts(manifest.Groups, group => group.Rows) || !AreCounts(manifest.Groups, group => group.Tokens) || !AreCounts(manifest.Groups, group => group.Targets)
            || !AreCounts(manifest.Cleaning ?? [], count => count.Count) || !AreCounts([.. manifest.LeftOut], each => each.Value)
            || manifest.Shards.Sum(shard => (decimal)shard.Rows) != manifest.Rows
            || manifest.Shards.Sum(shard => (decimal)shard.Tokens) != manifest.Tokens) // Counts from a file; decimal holds any sum of them.
        {
            throw new LlamaxException(manifest is { Version: not 1 }
                ? $"{path}: version {manifest.Version} is unknown here, this program reads version 1. Build the training set again."
                : $"{path}: its counts of rows and tokens do not add up. Build the training set again.");
        }

        return manifest with { Fingerprint = manifest.Fingerprint ?? "", Cleaning = manifest.Cleaning ?? [] }; // Earlier writers knew neither.
    }

    /// <summary>Whether none is missing or below zero, and their sum is a number that can be counted to.</summary>
    private static bool AreCounts<T>(IReadOnlyList<T> rows, Func<T, long> count) =>
        rows.All(row => row is not null && count(row) >= 0) && rows.Sum(row => (decimal)count(row)) <= long.MaxValue;

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ShardManifest);
}

/// <summary>The manifest's JSON: snake_case, indented, the same bytes for the same content.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShardManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
