namespace Llamax.Corpora.Shards;

/// <summary>How much of one kind and direction a training set holds.</summary>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Direction">A language or a pair of them.</param>
/// <param name="Rows">Entries.</param>
/// <param name="Tokens">Ids, BOS and EOS included.</param>
/// <param name="Targets">Ids that count in the loss.</param>
public sealed record ShardGroup(string Kind, string Direction, long Rows, long Tokens, long Targets)
{
    /// <summary>One group of each kind and direction, ordered by both.</summary>
    internal static IReadOnlyList<ShardGroup> Sum(IEnumerable<ShardGroup> groups) =>
    [
        .. groups.GroupBy(group => (group.Kind, group.Direction))
            .Select(same => new ShardGroup(
                same.Key.Kind, same.Key.Direction, same.Sum(group => group.Rows), same.Sum(group => group.Tokens), same.Sum(group => group.Targets)))
            .OrderBy(group => group.Kind, StringComparer.Ordinal).ThenBy(group => group.Direction, StringComparer.Ordinal),
    ];
}
