using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A lexicon's words, found by language and key. Thread-safe.</summary>
internal sealed unsafe class LexiconStore : IDisposable
{
    /// <summary>Bits of the hash that stand in a slot.</summary>
    public const ulong TagMask = 0xFFFFFF;

    private const int ChecksumChunk = 1 << 24;

    private readonly Dictionary<string, int> numbers;
    private readonly LexiconLanguage[] languages;

    public LexiconStore(LexiconImage image)
    {
        Image = image;
        try
        {
            Header = LexiconHeader.Read(image);
            languages = [.. Header.Languages];
            numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < languages.Length; i++)
            {
                if (!numbers.TryAdd(languages[i].Code, i))
                {
                    throw image.Damaged($"it has the language '{languages[i].Code}' twice");
                }
            }
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    public LexiconImage Image { get; }

    public LexiconHeader Header { get; }

    /// <summary>A language's number; -1 where the lexicon lacks it.</summary>
    public int Number(string language) => numbers.GetValueOrDefault(language, -1);

    /// <summary>A language's code.</summary>
    public string Code(int language) => (uint)language < (uint)languages.Length
        ? languages[language].Code : throw Image.Damaged($"there is no language {language}");

    /// <summary>Where a word's record stands; -1 where the language lacks the word.</summary>
    /// <param name="language">The language's number.</param>
    /// <param name="key">The word in lower case, UTF-8.</param>
    public long Find(int language, ReadOnlySpan<byte> key)
    {
        var (index, hash) = (languages[language], Hash(key));
        var slots = SlotsOf(index, hash);
        for (var at = 0; at <= index.LongestProbe; at++)
        {
            var slot = Unsafe.ReadUnaligned<ulong>(slots + at);
            if (slot == 0)
            {
                return -1;
            }

            if (slot >> 40 == (hash & TagMask) && At((long)(slot & (LexiconEntry.EndOfPlaces - 1))).Key.SequenceEqual(key))
            {
                return (long)(slot & (LexiconEntry.EndOfPlaces - 1));
            }
        }

        return -1;
    }

    /// <summary>
    /// Where the records of a text's words stand; -1 where the language lacks the word, and for what is none. All are asked for
    /// before any is waited for: else most of the time would go by with waiting for memory.
    /// </summary>
    /// <param name="language">The language's number.</param>
    /// <param name="text">The text in lower case, UTF-8.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="records">Receives the places, as many as there are parts.</param>
    public void Find(int language, ReadOnlySpan<byte> text, ReadOnlySpan<(int Start, int Length, bool IsWord)> parts, Span<long> records)
    {
        var index = languages[language];
        for (var i = 0; i < parts.Length; i++)
        {
            var (start, length, isWord) = parts[i];
            var hash = isWord ? Hash(text.Slice(start, length)) : 0;
            records[i] = (long)hash;
            Image.Prefetch(index.FirstSlot + Home(index, hash));
        }

        for (var i = 0; i < parts.Length; i++)
        {
            records[i] = parts[i].IsWord ? FirstLike(index, (ulong)records[i]) : -1;
            Image.Prefetch(records[i]);
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (records[i] >= 0 && text.Slice(parts[i].Start, parts[i].Length) is var key && !At(records[i]).Key.SequenceEqual(key))
            {
                records[i] = Find(language, key);
            }
        }
    }

    /// <summary>Whether a translation is a word of the language that it is for.</summary>
    /// <param name="language">The language's number.</param>
    /// <param name="entry">The translation.</param>
    /// <exception cref="LlamaxException">It is not: the file is damaged.</exception>
    public void Check(int language, LexiconEntry entry)
    {
        Code(language);
        if (entry.Record < languages[language].FirstRecord || entry.Record >= languages[language].EndOfRecords)
        {
            throw Image.Damaged($"there is no word of '{languages[language].Code}' at {entry.Record:N0}");
        }
    }

    /// <summary>
    /// Whether words stand one behind the other. Where they do not, the bytes of a small file could be those of any number of
    /// long words.
    /// </summary>
    /// <param name="records">Where their records stand, in ascending order; the same one may come several times.</param>
    /// <exception cref="LlamaxException">They do not: the file is damaged.</exception>
    public void CheckApart(IEnumerable<long> records)
    {
        var (last, end) = (-1L, 0L);
        foreach (var record in records)
        {
            if (record != last)
            {
                end = record >= end ? EndOf(record) : throw Image.Damaged($"a word begins at {record:N0}, before the one before it ends");
                last = record;
            }
        }
    }

    /// <summary>The record at a place.</summary>
    public LexiconRecord At(long record) => new(Image, record);

    /// <summary>A translation.</summary>
    /// <param name="at">Where translations stand in a row.</param>
    /// <param name="number">Its number among them.</param>
    public LexiconEntry Entry(long at, long number) => new(Unsafe.ReadUnaligned<ulong>(Image.At(at + (number * sizeof(ulong)), sizeof(ulong))));

    /// <summary>The records of a language, in order of their words.</summary>
    public IEnumerable<long> Records(int language)
    {
        for (var at = languages[language].FirstRecord; at < languages[language].EndOfRecords;)
        {
            yield return at;
            at = EndOf(at);
        }
    }

    /// <summary>Whether records and index are what was written; reads the whole file.</summary>
    public void Verify(CancellationToken cancellationToken)
    {
        var hash = new XxHash3();
        for (var at = (long)LexiconHeader.Size; at < Header.IndexEnd; at += ChecksumChunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.Append(Image.Slice(at, Math.Min(ChecksumChunk, Header.IndexEnd - at)));
        }

        if (hash.GetCurrentHashAsUInt64() != Header.Checksum)
        {
            throw Image.Damaged("the checksum of its words does not match");
        }
    }

    /// <summary>What leads a key to its slot.</summary>
    public static ulong Hash(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    public void Dispose() => Image.Dispose();

    private static long Home(LexiconLanguage index, ulong hash) => (long)Math.BigMul(hash, (ulong)index.Slots, out _) * sizeof(ulong);

    /// <summary>The slots in which a word of that hash can be.</summary>
    private ulong* SlotsOf(LexiconLanguage index, ulong hash) =>
        (ulong*)Image.At(index.FirstSlot + Home(index, hash), (index.LongestProbe + 1) * sizeof(ulong));

    /// <summary>The first record whose hash is like this one, as far as the slots have it; -1 where there is none.</summary>
    private long FirstLike(LexiconLanguage index, ulong hash)
    {
        var slots = SlotsOf(index, hash);
        for (var at = 0; at <= index.LongestProbe && Unsafe.ReadUnaligned<ulong>(slots + at) is > 0 and var slot; at++)
        {
            if (slot >> 40 == (hash & TagMask))
            {
                return (long)(slot & (LexiconEntry.EndOfPlaces - 1));
            }
        }

        return -1;
    }

    private long EndOf(long record)
    {
        var word = At(record);
        return word.EntriesAt + (word.Entries * sizeof(ulong));
    }
}
