namespace Llamax.Corpora.Shards;

/// <summary>How much of one kind and direction a training set holds.</summary>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Direction">A language or a pair of them.</param>
/// <param name="Rows">Entries.</param>
/// <param name="Tokens">Ids, BOS and EOS included.</param>
/// <param name="Targets">Ids that count in the loss.</param>
public sealed record ShardGroup(string Kind, string Direction, long Rows, long Tokens, long Targets);
