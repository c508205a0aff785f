namespace Llamax.Corpora.Dictionaries;

/// <summary>What a lexicon has of one language for another.</summary>
/// <param name="From">Code of the words' language.</param>
/// <param name="To">Code of the translations' language.</param>
/// <param name="Words">Words that have a translation.</param>
/// <param name="Entries">Words with their translations.</param>
/// <param name="Entities">Different translations as they are written: "# entity" of the paper's Table 2.</param>
public sealed record LexiconPairCount(string From, string To, long Words, long Entries, long Entities);
