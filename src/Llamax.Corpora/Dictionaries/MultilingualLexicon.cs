namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Translations of words into many languages, keyed by language and word (in lower case): <c>hello (en) → bonjour (fr),
/// hallo (de)</c>. Thread-safe.
/// </summary>
/// <remarks>
/// With one hop, a dictionary gives its entries in its own direction and the other one: en-fr translates English words
/// into French and French words into English. With two hops, the translations of a word's translations count as well: a
/// French word reaches German over the English word that en-fr and en-de share. Two-hop translations are composed when
/// they are asked for; written out, they would be many times the dictionaries' size.
/// </remarks>
public sealed class MultilingualLexicon
{
    private static readonly Comparer<LexiconTranslation> ByLanguageAndWord = Comparer<LexiconTranslation>.Create((a, b) =>
        string.CompareOrdinal(a.Language, b.Language) is var order and not 0 ? order : string.CompareOrdinal(a.Word, b.Word));

    private readonly Dictionary<string, Dictionary<string, LexiconTranslation[]>> words;
    private readonly int hops;

    internal MultilingualLexicon(Dictionary<string, Dictionary<string, LexiconTranslation[]>> words, int hops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, 2);
        this.words = words;
        this.hops = hops;
    }

    /// <summary>The languages that have words, sorted.</summary>
    public IEnumerable<string> Languages => words.Keys.Order(StringComparer.Ordinal);

    /// <summary>The words of a language that have a translation, in lower case and in no particular order.</summary>
    /// <param name="language">A language's code; one without words has none.</param>
    public IReadOnlyCollection<string> Words(string language) => words.TryGetValue(language, out var found) ? found.Keys : [];

    /// <summary>
    /// Appends a word's translations into other languages, each once, sorted by language and word.
    /// </summary>
    /// <param name="language">The word's language.</param>
    /// <param name="word">The word in lower case.</param>
    /// <param name="translations">Receives the translations.</param>
    public void Find(string language, string word, List<LexiconTranslation> translations)
    {
        if (Direct(language, word) is not { } direct)
        {
            return;
        }

        if (hops == 1)
        {
            translations.AddRange(direct);
            return;
        }

        var all = new SortedSet<LexiconTranslation>(direct, ByLanguageAndWord);
        foreach (var step in direct)
        {
            foreach (var next in Direct(step.Language, step.Word.ToLowerInvariant()) ?? [])
            {
                if (next.Language != language)
                {
                    all.Add(next);
                }
            }
        }

        translations.AddRange(all);
    }

    private LexiconTranslation[]? Direct(string language, string word) => words.GetValueOrDefault(language)?.GetValueOrDefault(word);
}
