using System.Text.Json.Serialization;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Building.Planning;

/// <summary>What was decided once all units were scanned: which chunks make the training set, and by which rules.</summary>
internal sealed record BuildPlan
{
    public const string FileName = "plan.json";

    /// <summary>What everything depends on, as <see cref="KeyOf"/> says it.</summary>
    public string Key { get; init; } = "";

    /// <summary>The first part of <see cref="Key"/>: what was given, and not what a model made of it.</summary>
    [JsonIgnore]
    public string Sources => Key.Split('-')[0];

    /// <summary>The chunks in the order of the training set.</summary>
    public IReadOnlyList<PlannedChunk> Chunks { get; init; } = [];

    /// <summary>The rule of each kind of unit and group, as <see cref="RuleName"/> names them.</summary>
    public IReadOnlyDictionary<string, GroupRule> Rules { get; init; } = new Dictionary<string, GroupRule>();

    /// <summary>How much was left out before encoding, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What cleaning did, and how many duplicates were left out.</summary>
    public IReadOnlyList<CleaningCount> Cleaning { get; init; } = [];

    /// <summary>Whether several entries share a row.</summary>
    public PackingMode Packing { get; init; }

    /// <summary>Seconds that scanning took, over all units.</summary>
    public double ScanSeconds { get; init; }

    /// <summary>Seconds that deciding took.</summary>
    public double DecideSeconds { get; init; }

    /// <summary>Which tokenizer makes the ids.</summary>
    public TokenizerStamp? Tokenizer { get; init; }

    /// <summary>The name of a rule.</summary>
    public static string RuleName(bool isPseudo, string group) => isPseudo ? $"pseudo {group}" : group;

    /// <summary>A plan's key: the hash of what was given, and one of what a model translated, where it did.</summary>
    /// <param name="sources">The hash of settings and sources.</param>
    /// <param name="made">The hash of the pseudo-parallel pairs; null for none.</param>
    public static string KeyOf(string sources, string? made) => made is null ? sources : $"{sources}-{made}";

    public static BuildPlan Load(string folder) => StepResult.Load(Path.Combine(folder, FileName), StepResult.Default.BuildPlan);

    public void Save(string folder) => StepResult.Save(Path.Combine(folder, FileName), this, StepResult.Default.BuildPlan);
}
