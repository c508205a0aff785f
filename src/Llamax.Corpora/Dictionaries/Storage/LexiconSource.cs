namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A dictionary that went into a lexicon.</summary>
/// <param name="From">Number of the words' language.</param>
/// <param name="To">Number of the translations' language.</param>
/// <param name="Entries">Its entries as read, repeated ones included.</param>
/// <param name="Name">The file's name without its folder.</param>
internal sealed record LexiconSource(int From, int To, long Entries, string Name);
