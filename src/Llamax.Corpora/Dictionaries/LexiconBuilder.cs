using Llamax.Corpora.Readers;

namespace Llamax.Corpora.Dictionaries;

/// <summary>Merges bilingual dictionaries into a <see cref="MultilingualLexicon"/>. The order in which they come does not matter.</summary>
public sealed class LexiconBuilder
{
    private readonly Dictionary<string, Dictionary<string, HashSet<LexiconTranslation>>> words = [];

    /// <summary>
    /// Adds a dictionary in its own direction and in the other one. Words are looked up in lower case, because the
    /// sentences that they are looked up for are; translations keep their case.
    /// </summary>
    /// <param name="source">Code of the words' language.</param>
    /// <param name="target">Code of the translations' language.</param>
    /// <param name="entries">Words and translations.</param>
    public void Add(string source, string target, IEnumerable<(string Word, string Translation)> entries)
    {
        foreach (var (word, translation) in entries)
        {
            AddOne(source, word, target, translation);
            AddOne(target, translation, source, word);
        }
    }

    /// <summary>Adds the files of one direction.</summary>
    /// <param name="direction">Source and target language with a hyphen between, <c>en-fr</c>.</param>
    /// <param name="patterns">Paths, as <see cref="TextFile.Find"/> reads them.</param>
    /// <param name="key">The recipe's key that holds the paths, for messages; may be empty.</param>
    /// <returns>How many lines were no entries.</returns>
    /// <exception cref="LlamaxException">A file is missing or is no dictionary, or the direction is none.</exception>
    public int AddFiles(string direction, IEnumerable<string> patterns, string key = "")
    {
        if (direction.Split('-') is not [{ Length: > 0 } source, { Length: > 0 } target] || source == target)
        {
            throw new LlamaxException($"{key} '{direction}' is no direction of a dictionary. Expected two languages with a hyphen between, en-fr.".TrimStart());
        }

        var skipped = 0;
        foreach (var file in patterns.SelectMany(pattern => TextFile.Find(pattern, key)))
        {
            var (entries, lines) = DictionaryReader.Read(file);
            Add(source, target, entries);
            skipped += lines;
        }

        return skipped;
    }

    /// <summary>The lexicon of all that was added.</summary>
    /// <param name="hops">1 or 2, see <see cref="MultilingualLexicon"/>.</param>
    public MultilingualLexicon Build(int hops) => new(
        words.ToDictionary(language => language.Key, language => language.Value.ToDictionary(
            word => word.Key,
            word => word.Value.OrderBy(entry => entry.Language, StringComparer.Ordinal).ThenBy(entry => entry.Word, StringComparer.Ordinal).ToArray())),
        hops);

    private void AddOne(string source, string word, string target, string translation)
    {
        if (!words.TryGetValue(source, out var language))
        {
            words.Add(source, language = []);
        }

        var key = word.ToLowerInvariant();
        if (!language.TryGetValue(key, out var translations))
        {
            language.Add(key, translations = []);
        }

        translations.Add(new LexiconTranslation(target, translation));
    }
}
