using System.Numerics;
using System.Runtime.InteropServices;
using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>
/// Draws a translation of a word: first the language, evenly from those that are allowed and have one, then evenly one of
/// its translations. One thread at a time; takes no memory after its first words.
/// </summary>
internal sealed class WordDraw(LexiconStore store, int hops, int fanOut)
{
    private readonly ulong[] reached = new ulong[(store.Header.Languages.Count + 63) / 64];
    private readonly TwoHopWays? ways = hops == 2 ? new(store, fanOut) : null;
    private readonly List<(long At, long Count)> ranges = [];
    private readonly List<ulong> choices = [];

    /// <summary>Draws.</summary>
    /// <param name="record">Where the word stands in the lexicon.</param>
    /// <param name="allowed">A bit for each language, set where its words may come in.</param>
    /// <param name="stream">Where the draws come from.</param>
    /// <param name="translation">What was drawn.</param>
    /// <returns>Whether there was anything to draw from.</returns>
    public bool TryDraw(long record, ReadOnlySpan<ulong> allowed, RandomStream stream, out LexiconEntry translation) =>
        ways is null ? TryDrawDirect(store.At(record), allowed, stream, out translation) : TryDrawOverTwo(ways.From(record), allowed, stream, out translation);

    /// <summary>Has the processor fetch what draws for these words need; those below 0 are none.</summary>
    public void Expect(ReadOnlySpan<long> records) => ways?.Prefetch(records);

    private static bool TryDrawDirect(LexiconRecord word, ReadOnlySpan<ulong> allowed, RandomStream stream, out LexiconEntry translation)
    {
        var languages = 0;
        for (var group = 0; group < word.Groups; group++)
        {
            languages += Has(allowed, word.Language(group)) ? 1 : 0;
        }

        translation = default;
        if (languages == 0)
        {
            return false;
        }

        var wanted = stream.Next(languages);
        for (var group = 0; ; group++)
        {
            if (Has(allowed, word.Language(group)) && wanted-- == 0)
            {
                var (first, count) = word.Range(group);
                translation = word.Entry(first + stream.Next((int)Math.Clamp(count, 1, int.MaxValue)));
                return true;
            }
        }
    }

    private bool TryDrawOverTwo(TwoHopWays.Ways words, ReadOnlySpan<ulong> allowed, RandomStream stream, out LexiconEntry translation)
    {
        translation = default;
        var languages = words.Languages(allowed, reached);
        if (languages == 0)
        {
            return false;
        }

        Choose(words, Select(stream.Next(languages)));
        if (choices.Count == 0)
        {
            return false; // Only in a damaged file.
        }

        translation = LexiconEntry.OfWord(choices[stream.Next(choices.Count)]);
        return true;
    }

    /// <summary>The language of that number among those reached.</summary>
    private int Select(int number)
    {
        var place = 0;
        for (; BitOperations.PopCount(reached[place]) is var count && number >= count; place++)
        {
            number -= count;
        }

        var languages = reached[place];
        for (; number > 0; number--)
        {
            languages &= languages - 1;
        }

        return (place << 6) + BitOperations.TrailingZeroCount(languages);
    }

    /// <summary>Collects the translations into a language, each once, in order.</summary>
    private void Choose(TwoHopWays.Ways words, int language)
    {
        FindRanges(words, language);
        choices.Clear();
        var (last, ascends) = (0UL, true);
        foreach (var (at, count) in CollectionsMarshal.AsSpan(ranges))
        {
            for (var i = 0L; i < count; i++)
            {
                var choice = store.Entry(at, i).Word;
                ascends &= choices.Count == 0 || choice > last;
                choices.Add(last = choice);
            }
        }

        if (!ascends)
        {
            choices.Sort();
            RemoveRepeated();
        }
    }

    /// <summary>Finds where the translations into a language stand. All records are asked for before one is waited for, and so are all translations.</summary>
    private void FindRanges(TwoHopWays.Ways words, int language)
    {
        ranges.Clear();
        for (var i = 0; i < words.Count; i++)
        {
            if (words.Group(i, language) >= 0)
            {
                store.Image.Prefetch(words.Record(i));
            }
        }

        for (var i = 0; i < words.Count; i++)
        {
            if (words.Group(i, language) is >= 0 and var group)
            {
                var word = store.At(words.Record(i));
                var (first, count) = word.Range(group);
                var at = word.EntriesAt + (first * sizeof(ulong));
                store.Image.Prefetch(at);
                ranges.Add((at, i == 0 ? count : Math.Min(count, fanOut)));
            }
        }
    }

    private void RemoveRepeated()
    {
        var sorted = CollectionsMarshal.AsSpan(choices);
        var kept = 0;
        foreach (var choice in sorted)
        {
            if (kept == 0 || sorted[kept - 1] != choice)
            {
                sorted[kept++] = choice;
            }
        }

        choices.RemoveRange(kept, choices.Count - kept);
    }

    private static bool Has(ReadOnlySpan<ulong> languages, int language) =>
        language >> 6 < languages.Length && ((languages[language >> 6] >> language) & 1) != 0;
}
