using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Llamax.Corpora.Dictionaries.Storage;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>
/// The ways over two hops from a word: the words that it is gone on from and, of these and of the word itself, which
/// languages they have translations into. Those of the words that came last are kept, since the frequent ones come again
/// and again, in a table of fixed size. One thread at a time.
/// </summary>
internal sealed unsafe class TwoHopWays
{
    private const int TableBytes = 2 << 20;
    private const int MostSteps = 32; // What a place of the table has room for at most; words with more are not kept.
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio (Fibonacci hashing).

    private readonly LexiconStore store;
    private readonly int fanOut;
    private readonly int width; // Of a set of languages.
    private readonly int size; // Of a place in the table: a key, how many words, and of each its record and its languages.
    private readonly int shift;
    private readonly ulong[] table;
    private readonly List<LexiconStep> steps = [];
    private ulong[] single;

    /// <param name="store">The lexicon.</param>
    /// <param name="fanOut">How many of a word's translations are gone on from.</param>
    public TwoHopWays(LexiconStore store, int fanOut)
    {
        (this.store, this.fanOut) = (store, fanOut);
        width = (store.Header.Languages.Count + 63) / 64;
        size = SizeFor(Math.Clamp(fanOut, 0, MostSteps));
        single = new ulong[size];
        var places = (int)BitOperations.RoundUpToPowerOf2((uint)(TableBytes / sizeof(ulong) / size) + 1) / 2;
        (table, shift) = (new ulong[places * size], 64 - BitOperations.Log2((uint)Math.Max(places, 1)));
    }

    /// <summary>The ways from a word; they last until the next call.</summary>
    /// <param name="record">Where the word stands in the lexicon.</param>
    public Ways From(long record)
    {
        var key = (ulong)record + 1; // None is 0, which an empty place has.
        var place = table.Length == 0 ? single : table.AsSpan(PlaceOf(key), size);
        if (place[0] != key)
        {
            steps.Clear();
            TwoHops.Steps(store, record, fanOut, steps);
            var needed = SizeFor(steps.Count);
            if (needed > place.Length)
            {
                place = single = single.Length < needed ? new ulong[needed] : single;
            }

            Fill(place, key, record);
        }

        return new Ways(place, width);
    }

    /// <summary>Has the processor fetch what is kept of words; those below 0 are none.</summary>
    public void Prefetch(ReadOnlySpan<long> records)
    {
        if (!Sse.IsSupported || table.Length == 0)
        {
            return;
        }

        foreach (var record in records)
        {
            if (record >= 0)
            {
                // Nothing is read or written through the address, so it need not be pinned.
                var place = (byte*)Unsafe.AsPointer(ref table[PlaceOf((ulong)record + 1)]);
                for (var i = 0; i < size * sizeof(ulong); i += 64)
                {
                    Sse.Prefetch0(place + i);
                }
            }
        }
    }

    private int PlaceOf(ulong key) => (int)(shift == 64 ? 0 : key * Multiplier >> shift) * size;

    private int SizeFor(int words) => checked(2 + ((words + 1) * (width + 1)));

    private void Fill(Span<ulong> place, ulong key, long record)
    {
        (place[0], place[1]) = (0, (ulong)steps.Count + 1);
        foreach (var step in steps)
        {
            store.Image.Prefetch(step.Entry.Record);
        }

        Put(place[2..], record);
        for (var i = 0; i < steps.Count; i++)
        {
            Put(place[SizeFor(i)..], steps[i].Entry.Record);
        }

        place[0] = key; // Last: a damaged record ends this with an error.
    }

    private void Put(Span<ulong> place, long record)
    {
        place[0] = (ulong)record;
        var languages = place.Slice(1, width);
        languages.Clear();
        var word = store.At(record);
        for (var group = 0; group < word.Groups; group++)
        {
            var language = word.Language(group);
            if (language >> 6 < width)
            {
                languages[language >> 6] |= 1UL << language;
            }
        }
    }

    /// <summary>The word, as number 0, and behind it the words that it is gone on from.</summary>
    public readonly ref struct Ways(ReadOnlySpan<ulong> place, int width)
    {
        private readonly ReadOnlySpan<ulong> words = place[2..];

        /// <summary>How many words there are.</summary>
        public int Count { get; } = (int)place[1];

        /// <summary>Where a word's record stands.</summary>
        public long Record(int word) => (long)words[word * (width + 1)];

        /// <summary>A bit for each language that some word has translations into.</summary>
        /// <param name="allowed">The languages that count.</param>
        /// <param name="languages">Receives them.</param>
        /// <returns>How many there are.</returns>
        public int Languages(ReadOnlySpan<ulong> allowed, Span<ulong> languages)
        {
            var count = 0;
            for (var i = 0; i < width; i++)
            {
                var all = 0UL;
                for (var word = 0; word < Count; word++)
                {
                    all |= words[(word * (width + 1)) + 1 + i];
                }

                languages[i] = all & allowed[i];
                count += BitOperations.PopCount(languages[i]);
            }

            return count;
        }

        /// <summary>The group of a word's record that has its translations into a language; -1 where it has none.</summary>
        public int Group(int word, int language)
        {
            var sets = words.Slice((word * (width + 1)) + 1, width);
            var bit = 1UL << language;
            if ((sets[language >> 6] & bit) == 0)
            {
                return -1;
            }

            // The groups ascend by language.
            var group = BitOperations.PopCount(sets[language >> 6] & (bit - 1));
            for (var i = 0; i < language >> 6; i++)
            {
                group += BitOperations.PopCount(sets[i]);
            }

            return group;
        }
    }
}
