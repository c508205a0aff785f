namespace Llamax.Corpora.Dictionaries;

/// <summary>A dictionary that went into a lexicon.</summary>
/// <param name="From">Code of the words' language.</param>
/// <param name="To">Code of the translations' language.</param>
/// <param name="Name">The file's name without its folder; empty for entries that came from no file.</param>
/// <param name="Entries">Its entries as read, repeated ones included.</param>
public sealed record DictionaryFile(string From, string To, string Name, long Entries);
