namespace Llamax.Corpora.Statistics;

/// <summary>What a training set holds of a language: a row of the counterpart of the paper's Table 9. An entry of a pair counts for both of its languages.</summary>
/// <param name="Language">The language's code.</param>
/// <param name="Name">Its English name; the code where it is not known.</param>
/// <param name="Family">Its family; empty where it is not known.</param>
/// <param name="Monolingual">Blocks of monolingual text.</param>
/// <param name="Pairs">Connected sentence pairs; one that is repeated counts each time.</param>
/// <param name="Directions">Languages that it is paired with.</param>
/// <param name="Pseudo">Connected pairs that a model translated.</param>
/// <param name="Augmented">Entries with words from dictionaries.</param>
/// <param name="Other">Entries of other kinds: sides of pairs that were split, instructions.</param>
/// <param name="Tokens">Ids of all of them, BOS and EOS included.</param>
/// <param name="Targets">Ids of them that count in the loss.</param>
public sealed record LanguageStatistics(
    string Language, string Name, string Family, long Monolingual, long Pairs, int Directions, long Pseudo, long Augmented, long Other, long Tokens, long Targets);
