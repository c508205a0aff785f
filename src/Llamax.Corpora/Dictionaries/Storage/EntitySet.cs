namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// Different translations, by their language: a bit for each byte of the language's records. The one of a translation is as
/// far behind its record's beginning as its spelling's number says; no record is so short that two would share one.
/// </summary>
internal sealed class EntitySet(LexiconStore store)
{
    private readonly ulong[]?[] bits = new ulong[]?[store.Header.Languages.Count];
    private readonly long[] counts = new long[store.Header.Languages.Count];

    /// <summary>Adds a translation.</summary>
    /// <param name="language">Number of its language.</param>
    /// <param name="entry">The translation.</param>
    /// <returns>Whether it is a new one.</returns>
    /// <exception cref="LlamaxException">It is no word of the language: the file is damaged.</exception>
    public bool Add(int language, LexiconEntry entry)
    {
        store.Check(language, entry);
        var (first, end) = (store.Header.Languages[language].FirstRecord, store.Header.Languages[language].EndOfRecords);
        var place = Math.Min(entry.Record + entry.Spelling, end - 1) - first; // Beyond the end only in a damaged file.
        ref var part = ref (bits[language] ??= new ulong[((end - first) / 64) + 1])[place >> 6];
        var bit = 1UL << (int)(place & 63);
        if ((part & bit) != 0)
        {
            return false;
        }

        part |= bit;
        counts[language]++;
        return true;
    }

    /// <summary>How many different translations of a language there are; they are forgotten.</summary>
    public long Take(int language)
    {
        var count = counts[language];
        counts[language] = 0;
        bits[language].AsSpan().Clear();
        return count;
    }
}
