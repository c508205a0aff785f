using System.Text;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the strings with which unigram training starts: those that stand at least twice and are followed by different
/// things (so that no longer string stands wherever they do), ranked by how many characters of the corpus they cover.
/// The places of the corpus are sorted by what stands there, character by character, and only as deep as strings still repeat.
/// </summary>
internal sealed class SeedPieces
{
    private const int Outside = -1; // A character that is not in the alphabet.
    private const int SentenceEnd = -2;
    private const int WordEnd = -3;

    private readonly PieceRules rules;
    private readonly int longest;
    private readonly int[] symbols; // The words behind each other, each with what follows it.
    private readonly int[] wordAt;
    private readonly long[] counts;

    private SeedPieces(WordTable words, IReadOnlyList<int> alphabet, PieceRules rules, int longest)
    {
        (this.rules, this.longest) = (rules, longest);
        var symbolOf = new Dictionary<int, int>(alphabet.Select((character, symbol) => KeyValuePair.Create(character, symbol)));
        var (symbols, wordAt) = (new List<int>(words.TextLength), new List<int>(words.TextLength));
        counts = new long[words.Count];
        for (var word = 0; word < words.Count; word++)
        {
            counts[word] = words.CountOf(word);
            var end = WordEnd;
            for (var rest = words[word]; !rest.IsEmpty;)
            {
                Rune.DecodeFromUtf8(rest, out var rune, out var length);
                rest = rest[length..];
                end = rune.Value == WordCounter.SentenceEnd ? SentenceEnd : WordEnd;
                symbols.Add(end == SentenceEnd ? end : symbolOf.GetValueOrDefault(rune.Value, Outside));
                wordAt.Add(word);
            }

            if (end == WordEnd)
            {
                symbols.Add(end);
                wordAt.Add(word);
            }
        }

        (this.symbols, this.wordAt) = ([.. symbols], [.. wordAt]);
    }

    /// <summary>The seeds: each character of the alphabet, in its order, then longer strings, the best first.</summary>
    /// <param name="words">The corpus's words.</param>
    /// <param name="alphabet">The characters that take part.</param>
    /// <param name="rules">Which pieces there may be.</param>
    /// <param name="longest">Characters in the longest.</param>
    /// <param name="most">How many longer strings at most.</param>
    /// <param name="threads">Threads to work with.</param>
    /// <returns>The strings' symbols behind each other; where each begins and ends in them, and how many characters it covers (0 for characters).</returns>
    public static (int[] Symbols, List<(int Place, int Length, long Covered)> Seeds) Find(
        WordTable words, IReadOnlyList<int> alphabet, PieceRules rules, int longest, int most, int threads)
    {
        var finder = new SeedPieces(words, alphabet, rules, longest);
        var (places, bounds) = finder.SortByFirstSymbol(alphabet.Count);
        var found = new List<(int Place, int Length, long Covered)>[alphabet.Count];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, symbol =>
        {
            found[symbol] = [];
            finder.Refine(places.AsSpan(bounds[symbol]..bounds[symbol + 1]), 1, found[symbol]);
        });
        var ranked = found.SelectMany(list => list).ToArray();
        Array.Sort(ranked, (a, b) => a.Covered != b.Covered ? b.Covered.CompareTo(a.Covered)
            : a.Length != b.Length ? a.Length.CompareTo(b.Length)
            : finder.symbols.AsSpan(a.Place, a.Length).SequenceCompareTo(finder.symbols.AsSpan(b.Place, b.Length)));
        List<int> compact = [.. Enumerable.Range(0, alphabet.Count)];
        List<(int, int, long)> seeds = [.. compact.Select(symbol => (symbol, 1, 0L))];
        foreach (var (place, length, covered) in ranked.AsSpan(0, Math.Min(most, ranked.Length)))
        {
            seeds.Add((compact.Count, length, covered));
            compact.AddRange(finder.symbols.AsSpan(place, length));
        }

        return ([.. compact], seeds);
    }

    private (int[] Places, int[] Bounds) SortByFirstSymbol(int alphabet)
    {
        var bounds = new int[alphabet + 1];
        foreach (var symbol in symbols)
        {
            if (symbol >= 0)
            {
                bounds[symbol + 1]++;
            }
        }

        for (var symbol = 1; symbol < bounds.Length; symbol++)
        {
            bounds[symbol] += bounds[symbol - 1];
        }

        var at = bounds.AsSpan(0, alphabet).ToArray();
        var places = new int[bounds[^1]];
        for (var place = 0; place < symbols.Length; place++)
        {
            if (symbols[place] >= 0)
            {
                places[at[symbols[place]]++] = place;
            }
        }

        return (places, bounds);
    }

    /// <summary>Goes through the strings that begin with the same symbols.</summary>
    /// <param name="places">Where they begin.</param>
    /// <param name="depth">Number of symbols that are the same.</param>
    /// <param name="found">Receives the seeds.</param>
    private void Refine(Span<int> places, int depth, List<(int Place, int Length, long Covered)> found)
    {
        var count = 0L;
        foreach (var place in places)
        {
            count += counts[wordAt[place]];
        }

        if (count < 2)
        {
            return;
        }

        var next = new int[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            next[i] = symbols[places[i] + depth];
        }

        next.AsSpan().Sort(places);
        if (depth > 1 && next[0] != next[^1] && rules.Allow(symbols.AsSpan(places[0], depth)))
        {
            found.Add((places[0], depth, count * depth));
        }

        for (var from = 0; depth < longest && from < places.Length;)
        {
            var to = from + 1;
            while (to < places.Length && next[to] == next[from])
            {
                to++;
            }

            if (next[from] >= 0 && rules.MayNeighbour(symbols[places[from] + depth - 1], next[from]))
            {
                Refine(places[from..to], depth + 1, found);
            }

            from = to;
        }
    }
}
