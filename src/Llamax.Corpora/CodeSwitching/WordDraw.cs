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
    private readonly List<LexiconStep> steps = [];
    private readonly List<LexiconEntry> choices = [];

    /// <summary>Draws.</summary>
    /// <param name="record">Where the word stands in the lexicon.</param>
    /// <param name="allowed">A bit for each language, set where its words may come in.</param>
    /// <param name="stream">Where the draws come from.</param>
    /// <param name="translation">What was drawn.</param>
    /// <returns>Whether there was anything to draw from.</returns>
    public bool TryDraw(long record, ReadOnlySpan<ulong> allowed, RandomStream stream, out LexiconEntry translation) =>
        hops == 1 ? TryDrawDirect(store.At(record), allowed, stream, out translation) : TryDrawOverTwo(record, allowed, stream, out translation);

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

    private bool TryDrawOverTwo(long record, ReadOnlySpan<ulong> allowed, RandomStream stream, out LexiconEntry translation)
    {
        steps.Clear();
        reached.AsSpan().Clear();
        TwoHops.Steps(store, record, fanOut, steps);
        Reach(store.At(record));
        foreach (var step in steps)
        {
            Reach(store.At(step.Entry.Record));
        }

        var languages = 0;
        for (var i = 0; i < reached.Length; i++)
        {
            reached[i] &= allowed[i];
            languages += BitOperations.PopCount(reached[i]);
        }

        translation = default;
        if (languages == 0)
        {
            return false;
        }

        Choose(Select(stream.Next(languages)), record);
        translation = choices.Count > 0 ? choices[stream.Next(choices.Count)] : default;
        return choices.Count > 0; // None only in a damaged file.
    }

    private void Reach(LexiconRecord word)
    {
        for (var group = 0; group < word.Groups; group++)
        {
            var language = word.Language(group);
            if (language >> 6 < reached.Length)
            {
                reached[language >> 6] |= 1UL << language;
            }
        }
    }

    /// <summary>The language of that number among those reached.</summary>
    private int Select(int number)
    {
        for (var language = 0; ; language++)
        {
            if (Has(reached, language) && number-- == 0)
            {
                return language;
            }
        }
    }

    /// <summary>Collects the translations into a language, each once.</summary>
    private void Choose(int language, long record)
    {
        choices.Clear();
        AddOf(store.At(record), language, int.MaxValue);
        foreach (var step in steps)
        {
            AddOf(store.At(step.Entry.Record), language, fanOut);
        }

        var sorted = CollectionsMarshal.AsSpan(choices);
        sorted.Sort(static (a, b) => a.Word.CompareTo(b.Word));
        var kept = 0;
        foreach (var choice in sorted)
        {
            if (kept == 0 || sorted[kept - 1].Word != choice.Word)
            {
                sorted[kept++] = choice;
            }
        }

        choices.RemoveRange(kept, choices.Count - kept);
    }

    private void AddOf(LexiconRecord word, int wanted, int most)
    {
        if (word.GroupOf(wanted) is >= 0 and var group)
        {
            var (first, count) = word.Range(group);
            for (var i = 0L; i < Math.Min(count, most); i++)
            {
                choices.Add(word.Entry(first + i));
            }
        }
    }

    private static bool Has(ReadOnlySpan<ulong> languages, int language) =>
        language >> 6 < languages.Length && ((languages[language >> 6] >> language) & 1) != 0;
}
