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
        var index = languages[language];
        var hash = Hash(key);
        var home = (long)Math.BigMul(hash, (ulong)index.Slots, out _);
        var slots = (ulong*)Image.At(index.FirstSlot + (home * sizeof(ulong)), (index.LongestProbe + 1) * sizeof(ulong));
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

    /// <summary>The record at a place.</summary>
    public LexiconRecord At(long record) => new(Image, record);

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

    private long EndOf(long record)
    {
        var word = At(record);
        return word.EntriesAt + (word.Entries * sizeof(ulong));
    }
}
