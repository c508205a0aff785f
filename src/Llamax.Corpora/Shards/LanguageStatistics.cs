namespace Llamax.Corpora.Shards;

/// <summary>How much of one kind a training set holds in a language: a row of the counterpart of the paper's Table 9.</summary>
/// <param name="Language">The language's code. An entry of a pair counts for both of its languages.</param>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Entries">Entries.</param>
/// <param name="Tokens">Ids of these entries, BOS and EOS included.</param>
/// <param name="Targets">Ids of them that count in the loss.</param>
/// <param name="Partners">Languages that it is paired with; 0 for entries in one language.</param>
public sealed record LanguageStatistics(string Language, string Kind, long Entries, long Tokens, long Targets, int Partners)
{
    /// <summary>The rows of a training set, by language, then kind.</summary>
    /// <param name="manifest">The training set's manifest.</param>
    public static IReadOnlyList<LanguageStatistics> Of(ShardManifest manifest) =>
    [
        .. manifest.Groups
            .SelectMany(group => group.Direction.Split('-').Select(language => (Language: language, Group: group)))
            .GroupBy(each => (each.Language, each.Group.Kind), each => each.Group)
            .Select(groups => new LanguageStatistics(
                groups.Key.Language, groups.Key.Kind,
                groups.Sum(group => group.Rows), groups.Sum(group => group.Tokens), groups.Sum(group => group.Targets),
                groups.SelectMany(group => group.Direction.Split('-')).Where(language => language != groups.Key.Language).Distinct(StringComparer.Ordinal).Count()))
            .OrderBy(row => row.Language, StringComparer.Ordinal).ThenBy(row => row.Kind, StringComparer.Ordinal),
    ];
}
