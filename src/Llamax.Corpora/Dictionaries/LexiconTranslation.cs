namespace Llamax.Corpora.Dictionaries;

/// <summary>A word's translation.</summary>
/// <param name="Language">Code of the language translated into.</param>
/// <param name="Word">The word in that language; may contain spaces.</param>
public readonly record struct LexiconTranslation(string Language, string Word);
