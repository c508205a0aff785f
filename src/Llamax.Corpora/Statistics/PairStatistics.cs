namespace Llamax.Corpora.Statistics;

/// <summary>What a training set holds of two languages.</summary>
/// <param name="First">Code of the one that sorts first.</param>
/// <param name="Second">Code of the other one.</param>
/// <param name="Forward">Connected sentence pairs from the first to the second.</param>
/// <param name="Backward">Those from the second to the first.</param>
/// <param name="Pseudo">Connected pairs that a model translated, in both directions.</param>
/// <param name="Augmented">Entries with words from dictionaries, in both directions.</param>
/// <param name="Tokens">Ids of all of them, BOS and EOS included.</param>
public sealed record PairStatistics(string First, string Second, long Forward, long Backward, long Pseudo, long Augmented, long Tokens)
{
    /// <summary>Connected sentence pairs.</summary>
    public long Pairs => Forward + Backward;

    /// <summary>All entries.</summary>
    public long Entries => Pairs + Pseudo + Augmented;
}
