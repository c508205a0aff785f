namespace Llamax.Corpora.Dictionaries;

/// <summary>What a lexicon has of a language.</summary>
/// <param name="Language">The language's code.</param>
/// <param name="Words">Words that have a translation into any language, in lower case.</param>
/// <param name="Entities">Different translations into this language, as they are written, from all languages together.</param>
public sealed record LexiconLanguageCount(string Language, long Words, long Entities);
