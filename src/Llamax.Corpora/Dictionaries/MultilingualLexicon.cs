using System.Text;
using Llamax.Corpora.Dictionaries.Storage;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Translations of words into many languages, keyed by language and word (in lower case): <c>hello (en) → bonjour (fr),
/// hallo (de)</c>. In memory, or in a file that is mapped and of which only what is looked up is read. Thread-safe.
/// </summary>
/// <remarks>
/// With one hop, a dictionary gives its entries in its own direction and the other one: en-fr translates English words
/// into French and French words into English. With two hops, the translations of a word's translations count as well: a
/// French word reaches German over the English word that en-fr and en-de share. Two-hop translations are composed when
/// they are asked for; written out, they would be many times the dictionaries' size.
/// </remarks>
public sealed class MultilingualLexicon : IDisposable
{
    private readonly DictionaryFile[] dictionaries;

    internal MultilingualLexicon(LexiconStore store, int hops, int fanOut)
    {
        (Store, Hops, FanOut) = (store, hops, fanOut);
        dictionaries = [.. store.Header.Sources.Select(source => new DictionaryFile(store.Code(source.From), store.Code(source.To), source.Name, source.Entries))];
    }

    /// <summary>1: translations as the dictionaries have them. 2: also translations of translations.</summary>
    public int Hops { get; }

    /// <summary>With two hops: how many of a word's translations are gone on from, and how many of each one's into a language count.</summary>
    public int FanOut { get; }

    /// <summary>The languages that have words, sorted.</summary>
    public IEnumerable<string> Languages => Store.Header.Languages.Select(language => language.Code);

    /// <summary>The dictionaries that it was built of, by direction and name.</summary>
    public IEnumerable<DictionaryFile> Dictionaries => dictionaries;

    /// <summary>Translations of all words, without those over two hops.</summary>
    public long Entries => Store.Header.Entries;

    internal LexiconStore Store { get; }

    /// <summary>Opens a file; only its header and tables are read and checked.</summary>
    /// <param name="path">A file that <c>llamax lexicon build</c> or <see cref="LexiconBuilder"/> wrote.</param>
    /// <exception cref="LlamaxException">It is missing, damaged or no lexicon.</exception>
    public static MultilingualLexicon Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new LlamaxException($"{path}: {(Directory.Exists(path) ? "this is a folder" : "no such file")}. Build a lexicon with `llamax lexicon build en-fr=FILE --out {path}`.");
        }

        var store = new LexiconStore(new LexiconImage(path));
        return new MultilingualLexicon(store, store.Header.Hops, store.Header.FanOut);
    }

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();

    /// <summary>Reads the whole lexicon and compares it with its checksum.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LlamaxException">It is not what was written.</exception>
    public void Verify(CancellationToken cancellationToken = default) => Store.Verify(cancellationToken);

    /// <summary>The words of a language that have a translation, in lower case, sorted by their UTF-8.</summary>
    /// <param name="language">A language's code; one without words has none.</param>
    public IEnumerable<string> Words(string language)
    {
        var number = Store.Number(language);
        foreach (var record in number < 0 ? [] : Store.Records(number))
        {
            if (Store.At(record).Groups > 0)
            {
                yield return Encoding.UTF8.GetString(Store.At(record).Key);
            }
        }
    }

    /// <summary>All words of a language with their translations into another, without those over two hops.</summary>
    /// <param name="from">Code of the words' language.</param>
    /// <param name="to">Code of the translations' language.</param>
    public IEnumerable<(string Word, string Translation)> Translations(string from, string to)
    {
        var (source, target) = (Store.Number(from), Store.Number(to));
        foreach (var record in source < 0 || target < 0 ? [] : Store.Records(source))
        {
            var (first, count) = Store.At(record).GroupOf(target) is >= 0 and var group ? Store.At(record).Range(group) : default;
            for (var i = 0L; i < count; i++)
            {
                yield return (Encoding.UTF8.GetString(Store.At(record).Key), Translation(target, Store.At(record).Entry(first + i)).Word);
            }
        }
    }

    /// <summary>
    /// Appends a word's translations into other languages, each once, sorted by language, then by the word in lower case.
    /// </summary>
    /// <param name="language">The word's language.</param>
    /// <param name="word">The word in lower case.</param>
    /// <param name="translations">Receives the translations.</param>
    public void Find(string language, string word, List<LexiconTranslation> translations) =>
        Explain(language, word, path => translations.Add(path.Translation));

    /// <summary>
    /// Appends a word's translations with where they come from: the dictionary, and for those over two hops the word between.
    /// </summary>
    /// <param name="language">The word's language.</param>
    /// <param name="word">The word in lower case.</param>
    /// <param name="paths">Receives the translations in the order of <see cref="Find"/>; of several ways to one, the first.</param>
    public void Explain(string language, string word, List<LexiconPath> paths) =>
        Explain(language, word, paths.Add);

    private void Explain(string language, string word, Action<LexiconPath> add)
    {
        var number = Store.Number(language);
        var record = number < 0 ? -1 : Store.Find(number, Encoding.UTF8.GetBytes(word));
        if (record < 0)
        {
            return;
        }

        var all = new SortedDictionary<(int Language, ulong Word), (LexiconEntry Entry, int Step)>();
        TwoHops.Enumerate(Store, record, long.MaxValue, (target, entry) => Add(target, entry, -1));
        var steps = new List<LexiconStep>();
        TwoHops.Steps(Store, record, Hops == 2 ? FanOut : 0, steps);
        for (var i = 0; i < steps.Count; i++)
        {
            Store.Check(steps[i].Language, steps[i].Entry);
            TwoHops.Enumerate(Store, steps[i].Entry.Record, FanOut, (target, entry) => Add(target, entry, i));
        }

        Store.CheckApart(steps.Select(step => step.Entry.Record).Order());
        Store.CheckApart(all.Values.Select(each => each.Entry.Record)); // Languages ascend as their records do.
        LexiconTranslation[] between = [.. steps.Select(step => Translation(step.Language, step.Entry))];
        foreach (var ((target, _), (entry, step)) in all)
        {
            add(step < 0
                ? new LexiconPath(Translation(target, entry), Dictionary(entry.Source), null, null)
                : new LexiconPath(Translation(target, entry), Dictionary(steps[step].Entry.Source), between[step], Dictionary(entry.Source)));
        }

        void Add(int target, LexiconEntry entry, int step)
        {
            Store.Check(target, entry);
            if (target != number || step < 0)
            {
                all.TryAdd((target, entry.Word), (entry, step));
            }
        }
    }

    private LexiconTranslation Translation(int language, LexiconEntry entry) =>
        new(Store.Code(language), Encoding.UTF8.GetString(Store.At(entry.Record).Spelling(entry.Spelling)));

    private DictionaryFile Dictionary(int source) => source < dictionaries.Length
        ? dictionaries[source]
        : throw Store.Image.Damaged($"there is no dictionary {source}");
}
