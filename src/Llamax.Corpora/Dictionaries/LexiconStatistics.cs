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
    /// <summary>Counts; reads the whole lexicon. Takes memory of a quarter of the words' size in the file at most.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static LexiconStatistics Of(MultilingualLexicon lexicon, CancellationToken cancellationToken = default)
    {
        var store = lexicon.Store;
        var count = store.Header.Languages.Count;
        var (all, ofSource) = (new EntitySet(store), new EntitySet(store));
        var (words, entries) = (new long[count], new long[count]);
        var (pairs, reached) = (new List<LexiconPairCount>(), new SortedSet<int>());
        for (var from = 0; from < count; from++)
        {
            foreach (var record in store.Records(from))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var word = store.At(record);
                for (var group = 0; group < word.Groups; group++)
                {
                    var to = word.Language(group);
                    store.Code(to); // Throws where the file is damaged.
                    var (first, number) = word.Range(group);
                    for (var i = first; i < first + number; i++)
                    {
                        var entry = word.Entry(i);
                        if (ofSource.Add(to, entry))
                        {
                            all.Add(to, entry);
                        }
                    }

                    reached.Add(to);
                    words[to]++;
                    entries[to] += number;
                }
            }

            foreach (var to in reached)
            {
                pairs.Add(new LexiconPairCount(store.Code(from), store.Code(to), words[to], entries[to], ofSource.Take(to)));
                (words[to], entries[to]) = (0, 0);
            }

            reached.Clear();
        }

        return new LexiconStatistics(
            [.. store.Header.Languages.Select((language, i) => new LexiconLanguageCount(language.Code, language.Words, all.Take(i)))], pairs);
    }
}
