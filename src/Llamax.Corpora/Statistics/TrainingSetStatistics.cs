using Llamax.Corpora.Building;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Statistics;

/// <summary>What a training set holds, by language, pair and kind, and what was left out of it.</summary>
public sealed record TrainingSetStatistics
{
    private static readonly HashSet<string> AugmentedKinds = [ExampleKinds.CodeSwitched, ExampleKinds.CodeSwitchedText, ExampleKinds.PseudoCodeSwitched];

    /// <summary>Entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Rows of the shards; fewer than entries where several share one.</summary>
    public required long Rows { get; init; }

    /// <summary>Ids, BOS and EOS included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Ids that count in the loss.</summary>
    public required long Targets { get; init; }

    /// <summary>By kind, in alphabetical order.</summary>
    public required IReadOnlyList<KindStatistics> Kinds { get; init; }

    /// <summary>By language, ordered by family, then code, as the paper's Table 9; without instructions, whose files do not tell their language.</summary>
    public required IReadOnlyList<LanguageStatistics> Languages { get; init; }

    /// <summary>By pair of languages that have entries together, ordered by both codes.</summary>
    public required IReadOnlyList<PairStatistics> Pairs { get; init; }

    /// <summary>What each step of the cleaning did.</summary>
    public required IReadOnlyList<CleaningCount> Cleaning { get; init; }

    /// <summary>How much was left out while building, by reason.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    /// <summary>Counts a training set.</summary>
    /// <param name="manifest">Its manifest.</param>
    public static TrainingSetStatistics Of(ShardManifest manifest) => new()
    {
        Entries = manifest.Groups.Sum(group => group.Rows),
        Rows = manifest.Rows,
        Tokens = manifest.Tokens,
        Targets = manifest.Groups.Sum(group => group.Targets),
        Kinds =
        [
            .. manifest.Groups.GroupBy(group => group.Kind, StringComparer.Ordinal).OrderBy(groups => groups.Key, StringComparer.Ordinal)
                .Select(groups => new KindStatistics(groups.Key, groups.Sum(group => group.Rows), groups.Sum(group => group.Tokens), groups.Sum(group => group.Targets))),
        ],
        Languages =
        [
            .. manifest.Groups.SelectMany(group => group.Direction.Split('-').Distinct(StringComparer.Ordinal).Select(language => (Language: language, Group: group)))
                .Where(each => each.Language != ExampleEncoder.UnknownLanguage).GroupBy(each => each.Language, each => each.Group, StringComparer.Ordinal).Select(groups => Row(groups.Key, [.. groups]))
                .OrderBy(row => row.Family.Length == 0).ThenBy(row => row.Family, StringComparer.Ordinal).ThenBy(row => row.Language, StringComparer.Ordinal),
        ],
        Pairs =
        [
            .. manifest.Groups.Where(group => Sides(group) is not null).GroupBy(group => Sides(group)!.Value).Select(groups => Row(groups.Key, [.. groups]))
                .OrderBy(row => row.First, StringComparer.Ordinal).ThenBy(row => row.Second, StringComparer.Ordinal),
        ],
        Cleaning = manifest.Cleaning,
        LeftOut = manifest.LeftOut,
    };

    private static LanguageStatistics Row(string code, List<ShardGroup> groups)
    {
        var language = LanguageRegistry.Default.Find(code);
        var (monolingual, pairs, pseudo) = (EntriesOf(groups, ExampleKinds.Monolingual), EntriesOf(groups, ExampleKinds.Parallel), EntriesOf(groups, ExampleKinds.PseudoParallel));
        var augmented = groups.Where(group => AugmentedKinds.Contains(group.Kind)).Sum(group => group.Rows);
        return new LanguageStatistics(
            code, language?.Name ?? code, language?.Family ?? "", monolingual, pairs,
            groups.SelectMany(group => group.Direction.Split('-')).Where(other => other != code).Distinct(StringComparer.Ordinal).Count(),
            pseudo, augmented, groups.Sum(group => group.Rows) - monolingual - pairs - pseudo - augmented,
            groups.Sum(group => group.Tokens), groups.Sum(group => group.Targets));
    }

    private static PairStatistics Row((string First, string Second) pair, List<ShardGroup> groups) => new(
        pair.First, pair.Second,
        EntriesOf(groups.Where(group => group.Direction == $"{pair.First}-{pair.Second}"), ExampleKinds.Parallel),
        EntriesOf(groups.Where(group => group.Direction == $"{pair.Second}-{pair.First}"), ExampleKinds.Parallel),
        EntriesOf(groups, ExampleKinds.PseudoParallel),
        groups.Where(group => AugmentedKinds.Contains(group.Kind)).Sum(group => group.Rows),
        groups.Sum(group => group.Tokens));

    private static long EntriesOf(IEnumerable<ShardGroup> groups, string kind) => groups.Where(group => group.Kind == kind).Sum(group => group.Rows);

    /// <summary>The two languages of a group in alphabetical order; null for one language.</summary>
    private static (string First, string Second)? Sides(ShardGroup group) => group.Direction.Split('-') switch
    {
        [var one, var other] when one != other => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one),
        _ => null,
    };
}
