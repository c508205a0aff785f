namespace Llamax.Corpora.Dictionaries;

/// <summary>How a lexicon comes to a translation.</summary>
/// <param name="Translation">The translation.</param>
/// <param name="Dictionary">The dictionary that has it, or over two hops the one that has the first step; of several, the first by direction and name.</param>
/// <param name="Through">Over two hops the word between; null over one.</param>
/// <param name="Second">Over two hops the dictionary that has the second step; null over one.</param>
public sealed record LexiconPath(LexiconTranslation Translation, DictionaryFile Dictionary, LexiconTranslation? Through, DictionaryFile? Second);
