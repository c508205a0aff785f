using Llamax.Corpora.Dictionaries.Storage;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Counts of a lexicon. With two hops no other words are reached than with one, only from more languages, so the counts
/// are those of the dictionaries in any case.
/// </summary>
/// <param name="Languages">By language, sorted by code.</param>
/// <param name="Pairs">By direction, sorted.</param>
public sealed record LexiconStatistics(IReadOnlyList<LexiconLanguageCount> Languages, IReadOnlyList<LexiconPairCount> Pairs)
{
    /// <summary>Counts; reads the whole lexicon. Takes eight bytes of memory for each different translation of a language.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static LexiconStatistics Of(MultilingualLexicon lexicon, CancellationToken cancellationToken = default)
    {
        var store = lexicon.Store;
        var count = store.Header.Languages.Count;
        var all = Enumerable.Range(0, count).Select(_ => new HashSet<ulong>()).ToList();
        var pairs = new List<LexiconPairCount>();
        for (var from = 0; from < count; from++)
        {
            var ofSource = Count(store, from, cancellationToken);
            foreach (var (to, found) in ofSource)
            {
                all[to].UnionWith(found.Entities);
                pairs.Add(new LexiconPairCount(store.Code(from), store.Code(to), found.Words, found.Entries, found.Entities.Count));
            }
        }

        return new LexiconStatistics(
            [.. store.Header.Languages.Select((language, i) => new LexiconLanguageCount(language.Code, language.Words, all[i].Count))], pairs);
    }

    private static SortedDictionary<int, (long Words, long Entries, HashSet<ulong> Entities)> Count(LexiconStore store, int language, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<int, (long Words, long Entries, HashSet<ulong> Entities)>();
        var done = 0L;
        foreach (var record in store.Records(language))
        {
            if ((done++ & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var word = store.At(record);
            for (var group = 0; group < word.Groups; group++)
            {
                store.Code(word.Language(group)); // Throws where the file is damaged.
                var (words, entries, entities) = found.GetValueOrDefault(word.Language(group), (0, 0, []));
                var (first, count) = word.Range(group);
                for (var i = 0L; i < count; i++)
                {
                    entities.Add(word.Entry(first + i).Word);
                }

                found[word.Language(group)] = (words + 1, entries + count, entities);
            }
        }

        return found;
    }
}
