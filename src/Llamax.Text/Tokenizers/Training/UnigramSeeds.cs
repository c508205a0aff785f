namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the pieces with which unigram training starts, as SentencePiece does: all characters, and those strings that
/// stand at least twice and are followed by different things (so that no longer string stands wherever they do), ranked by
/// how many characters of the corpus they cover. They are the inner nodes of the suffix tree, read off the sorted
/// places and the lengths of what neighbours there have in common (Kasai et al., 2001).
/// </summary>
internal sealed class UnigramSeeds
{
    private readonly UnigramCorpus corpus;
    private readonly PieceRules rules;
    private readonly int longest;
    private readonly int[] stretchAt;

    private UnigramSeeds(UnigramCorpus corpus, PieceRules rules, int longest)
    {
        (this.corpus, this.rules, this.longest) = (corpus, rules, longest);
        stretchAt = new int[corpus.Symbols.Length];
        for (var stretch = 0; stretch < corpus.Count; stretch++)
        {
            stretchAt.AsSpan(corpus.Starts[stretch]..corpus.Starts[stretch + 1]).Fill(stretch);
        }
    }

    /// <summary>The seeds with their log-probabilities: each character, in the order given, then longer strings, the best first.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="rules">Which pieces there may be.</param>
    /// <param name="characters">The symbols of the alphabet.</param>
    /// <param name="characterCounts">How often each of them stands in the corpus.</param>
    /// <param name="longest">Characters in the longest.</param>
    /// <param name="most">How many longer strings at most.</param>
    /// <param name="threads">Threads to work with.</param>
    public static UnigramVocabulary Find(
        UnigramCorpus corpus, PieceRules rules, int[] characters, long[] characterCounts, int longest, int most, int threads)
    {
        var finder = new UnigramSeeds(corpus, rules, longest);
        var (places, bounds) = finder.SortByFirstSymbol();
        var found = new SeedList[corpus.Alphabet.Length];
        found[UnigramCorpus.End] = new SeedList();
        var next = 0;
        Workers.Run(threads, _ =>
        {
            var sorter = new SuffixSorter(corpus, longest + 1);
            for (var symbol = Interlocked.Increment(ref next); symbol < found.Length; symbol = Interlocked.Increment(ref next))
            {
                sorter.Sort(places.AsSpan(bounds[symbol]..bounds[symbol + 1]), 1);
                found[symbol] = finder.Collect(places, bounds[symbol], bounds[symbol + 1]);
            }
        });
        var seeds = SeedList.Join(found);
        var keys = new ulong[seeds.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ulong.MaxValue - (ulong)seeds[i].Covered;
        }

        var ranked = RadixSort.Order(keys);
        var chosen = ranked.AsSpan(0, Math.Min(most, ranked.Length));
        return Lay(corpus, places, bounds, characters, characterCounts, seeds, chosen);
    }

    private static UnigramVocabulary Lay(
        UnigramCorpus corpus, int[] places, int[] bounds, int[] characters, long[] characterCounts, Seed[] seeds, ReadOnlySpan<int> chosen)
    {
        var pieces = new UnigramPiece[characters.Length + chosen.Length];
        var idOf = new int[Math.Max(corpus.Alphabet.Length, seeds.Length)];
        for (var id = 0; id < characters.Length; id++)
        {
            var symbol = characters[id];
            idOf[symbol] = id;
            pieces[id] = new(places[bounds[symbol]], bounds[symbol], 1, characterCounts[id], UnigramVocabulary.None);
        }

        var longestAt = new int[corpus.Symbols.Length];
        for (var place = 0; place < longestAt.Length; place++)
        {
            longestAt[place] = idOf[corpus.Symbols[place]];
        }

        for (var i = 0; i < idOf.Length; i++)
        {
            idOf[i] = UnigramVocabulary.None;
        }

        for (var rank = 0; rank < chosen.Length; rank++)
        {
            idOf[chosen[rank]] = characters.Length + rank;
        }

        // From the last to the first, each string comes before those that it begins.
        for (var i = seeds.Length - 1; i >= 0; i--)
        {
            if (idOf[i] is not UnigramVocabulary.None and var id)
            {
                ref var seed = ref seeds[i];
                pieces[id] = new(places[seed.From], seed.From, seed.Length, seed.Covered, longestAt[places[seed.From]]);
                foreach (var place in places.AsSpan(seed.From..seed.To))
                {
                    longestAt[place] = id;
                }
            }
        }

        var sum = 0.0F; // SentencePiece adds in single precision.
        foreach (var piece in pieces)
        {
            sum += piece.Score;
        }

        var total = (float)Math.Log(sum);
        for (var id = 0; id < pieces.Length; id++)
        {
            pieces[id].Score = (float)(Math.Log(pieces[id].Score) - total);
        }

        return new UnigramVocabulary(pieces, longestAt);
    }

    private (int[] Places, int[] Bounds) SortByFirstSymbol()
    {
        var symbols = corpus.Symbols;
        var bounds = new int[corpus.Alphabet.Length + 1];
        foreach (var symbol in symbols)
        {
            bounds[symbol + 1]++;
        }

        (bounds[0], bounds[1]) = (0, 0); // No place is one of an end.
        for (var symbol = 1; symbol < bounds.Length; symbol++)
        {
            bounds[symbol] += bounds[symbol - 1];
        }

        var at = bounds.AsSpan(0, corpus.Alphabet.Length).ToArray();
        var places = new int[bounds[^1]];
        for (var place = 0; place < symbols.Length; place++)
        {
            if (symbols[place] != UnigramCorpus.End)
            {
                places[at[symbols[place]]++] = place;
            }
        }

        return (places, bounds);
    }

    /// <summary>Goes through sorted places that have their first symbol in common; a string comes after those that it begins.</summary>
    private SeedList Collect(int[] places, int from, int to)
    {
        var found = new SeedList();
        var symbols = corpus.Symbols;
        var counts = corpus.Counts;
        var open = new Open[longest + 2]; // Strings that begin each other.
        var top = 0;
        open[0] = new Open(1, from, 0);
        for (var i = from; i < to; i++)
        {
            var place = places[i];
            var common = i + 1 == to ? 0 : Common(symbols, place, places[i + 1]);
            var stretch = stretchAt[place];
            var (first, count) = (i, counts[stretch]);
            if (corpus.VariesBehind(stretch))
            {
                var rest = Math.Max(common, open[top].Depth);
                while (rest <= longest && symbols[place + rest] != UnigramCorpus.End)
                {
                    rest++;
                }

                if (rest > common && rest > open[top].Depth)
                {
                    Add(rest, i, i + 1, count);
                }
            }

            for (; top >= 0 && open[top].Depth > common; top--)
            {
                first = open[top].From;
                count += open[top].Count;
                Add(open[top].Depth, first, i + 1, count);
            }

            if (top >= 0 && open[top].Depth == common)
            {
                open[top].Count += count;
            }
            else
            {
                open[++top] = new Open(common, first, count);
            }
        }

        return found;

        void Add(int depth, int first, int end, long count)
        {
            if (depth > 1 && depth <= longest && IsFollowedByDifferentThings(places.AsSpan(first..end), depth)
                && rules.Allow(corpus.Symbols.Slice(places[first], depth)))
            {
                found.Add(new Seed(first, end, depth, count * depth));
            }
        }
    }

    private bool IsFollowedByDifferentThings(ReadOnlySpan<int> places, int depth)
    {
        // Those that reach the end of their stretch come first.
        var isEnd = corpus.Symbols[places[^1] + depth] == UnigramCorpus.End;
        var first = stretchAt[places[0]];
        if (!isEnd || corpus.VariesBehind(first))
        {
            return true;
        }

        foreach (var place in places)
        {
            if (!corpus.SameBehind(first, stretchAt[place]))
            {
                return true;
            }
        }

        return false;
    }

    private int Common(ReadOnlySpan<int> symbols, int one, int other)
    {
        var length = 1;
        while (length <= longest && symbols[one + length] == symbols[other + length] && symbols[one + length] != UnigramCorpus.End)
        {
            length++;
        }

        return length;
    }

    /// <summary>A string: the range of the sorted places where it stands, its length, and how many characters it covers.</summary>
    private readonly record struct Seed(int From, int To, int Length, long Covered);

    /// <summary>A string on the way to the place at hand: its length, the first place where it stands, and how often it has been seen.</summary>
    private record struct Open(int Depth, int From, long Count);

    // A List<Seed> would have to be compiled when the program runs, as would LINQ over it.
    private sealed class SeedList
    {
        private Seed[] items = new Seed[4];
        private int count;

        public static Seed[] Join(SeedList[] lists)
        {
            var length = 0;
            foreach (var list in lists)
            {
                length += list.count;
            }

            var all = new Seed[length];
            length = 0;
            foreach (var list in lists)
            {
                Array.Copy(list.items, 0, all, length, list.count);
                length += list.count;
            }

            return all;
        }

        public void Add(Seed seed)
        {
            if (count == items.Length)
            {
                var larger = new Seed[2 * count];
                Array.Copy(items, larger, count);
                items = larger;
            }

            items[count++] = seed;
        }
    }
}
