namespace Llamax.Corpora.Statistics;

/// <summary>What a training set holds of a kind of entries.</summary>
/// <param name="Kind">One of <see cref="ExampleKinds"/>.</param>
/// <param name="Entries">Entries.</param>
/// <param name="Tokens">Ids, BOS and EOS included.</param>
/// <param name="Targets">Ids that count in the loss.</param>
public sealed record KindStatistics(string Kind, long Entries, long Tokens, long Targets);
