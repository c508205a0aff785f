using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the merges of a byte-pair encoding: again and again the most frequent pair of neighbours becomes one symbol;
/// among equally frequent ones the shorter, then the one first in code point order. Each pair knows the places where it
/// stands, so the work grows with the number of merges done in the words, not with merges × words.
/// </summary>
internal sealed class MergeLearner
{
    private const int None = -1;
    private const int Merged = -2;

    private readonly TrainingCorpus corpus;
    private readonly PieceRules rules;
    private readonly List<int[]> pieces = []; // Symbols of the alphabet, by number of the piece.

    // All stretches behind each other. Neighbours are linked, and so are the places (of the left one) of each pair.
    private readonly int[] pieceAt;
    private readonly int[] previous;
    private readonly int[] next;
    private readonly int[] previousPlace;
    private readonly int[] nextPlace;
    private readonly int[] stretchAt;

    private readonly Dictionary<(int Left, int Right), int> pairOf = []; // None: the rules forbid it.
    private readonly List<Pair> pairs = [];
    private readonly PriorityQueue<int, (long Count, int Pair)> queue;
    private int queued; // Pairs before this one have been looked at.
    private long threshold = long.MaxValue; // Rarer pairs are queued only when none is left above.

    // The same string can come from different pairs; only the first of them is merged, as in SentencePiece.
    private readonly HashSet<string> texts = [];

    /// <summary>Counts the pairs.</summary>
    /// <param name="corpus">Stretches with their counts.</param>
    /// <param name="rules">Which pieces may be made.</param>
    public MergeLearner(TrainingCorpus corpus, PieceRules rules)
    {
        (this.corpus, this.rules) = (corpus, rules);
        pieces.AddRange(Enumerable.Range(0, corpus.Alphabet.Count).Select(symbol => new[] { symbol }));
        queue = new(Comparer<(long Count, int Pair)>.Create(Order));
        var length = corpus.Symbols.Length;
        pieceAt = [.. corpus.Symbols];
        (previous, next, stretchAt) = (new int[length], new int[length], new int[length]);
        (previousPlace, nextPlace) = (new int[length], new int[length]);
        for (var stretch = 0; stretch < corpus.Count; stretch++)
        {
            var (first, end) = (corpus.Starts[stretch], corpus.Starts[stretch + 1]);
            for (var place = first; place < end; place++)
            {
                (previous[place], next[place], stretchAt[place]) = (place == first ? None : place - 1, place + 1 == end ? None : place + 1, stretch);
            }

            for (var place = first; place + 1 < end; place++)
            {
                Join(place, place + 1);
            }
        }
    }

    /// <summary>The next merge as a string, or null where no pair is left.</summary>
    public string? Next()
    {
        while (true)
        {
            Enqueue();
            if (!queue.TryDequeue(out var number, out var priority))
            {
                if (threshold <= 1)
                {
                    return null;
                }

                // The pairs above the threshold are used up; most of all pairs are so rare that they never come to be queued.
                var most = pairs.Max(pair => pair.IsDone ? (long?)0 : pair.Count) ?? 0;
                threshold = Math.Max(1, Math.Min(threshold - 1, most) / 4);
                queued = 0;
                continue;
            }

            var count = Merges(number);
            if (count != priority.Count)
            {
                // It has become rarer since it was queued.
                CollectionsMarshal.AsSpan(pairs)[number].IsQueued = count >= threshold;
                if (count >= threshold)
                {
                    queue.Enqueue(number, (count, number));
                }

                continue;
            }

            var pair = pairs[number];
            var text = corpus.Text(pair.Symbols);
            pair.IsDone = true;
            CollectionsMarshal.AsSpan(pairs)[number] = pair;
            if (texts.Add(text))
            {
                Accept(number);
                return text;
            }
        }
    }

    private void Accept(int number)
    {
        var piece = pieces.Count;
        var (left, right) = (pairs[number].Left, pairs[number].Right);
        pieces.Add(pairs[number].Symbols);
        while (pairs[number].FirstPlace is not None and var place)
        {
            var second = next[place];
            var (before, after) = (previous[place], next[second]);
            Part(place);
            if (before != None)
            {
                Part(before);
            }

            if (after != None)
            {
                Part(second);
            }

            pieceAt[place] = piece;
            pieceAt[second] = Merged;
            next[place] = after;
            if (before != None)
            {
                Join(before, place);
            }

            if (after != None)
            {
                previous[after] = place;
                Join(place, after);
            }
        }
    }

    /// <summary>Counts two pieces that have become neighbours.</summary>
    private void Join(int place, int second)
    {
        var key = (pieceAt[place], pieceAt[second]);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(pairOf, key, out var known);
        if (!known)
        {
            int[] symbols = [.. pieces[key.Item1], .. pieces[key.Item2]];
            number = rules.Allow(symbols) ? pairs.Count : None;
            if (number != None)
            {
                pairs.Add(new Pair(key.Item1, key.Item2, symbols));
            }
        }

        if (number == None)
        {
            return;
        }

        ref var pair = ref CollectionsMarshal.AsSpan(pairs)[number];
        pair.Count += corpus.Counts[stretchAt[place]];
        (previousPlace[place], nextPlace[place]) = (pair.LastPlace, None);
        if (pair.LastPlace == None)
        {
            pair.FirstPlace = place;
        }
        else
        {
            nextPlace[pair.LastPlace] = place;
        }

        pair.LastPlace = place;
    }

    /// <summary>Stops counting a place and its right neighbour, of which one is about to be merged.</summary>
    private void Part(int place)
    {
        var number = pairOf[(pieceAt[place], pieceAt[next[place]])];
        if (number == None)
        {
            return;
        }

        ref var pair = ref CollectionsMarshal.AsSpan(pairs)[number];
        pair.Count -= corpus.Counts[stretchAt[place]];
        var (before, after) = (previousPlace[place], nextPlace[place]);
        if (before == None)
        {
            pair.FirstPlace = after;
        }
        else
        {
            nextPlace[before] = after;
        }

        if (after == None)
        {
            pair.LastPlace = before;
        }
        else
        {
            previousPlace[after] = before;
        }
    }

    /// <summary>Queues the pairs that are new, or all where the threshold has been lowered.</summary>
    private void Enqueue()
    {
        for (; queued < pairs.Count; queued++)
        {
            ref var pair = ref CollectionsMarshal.AsSpan(pairs)[queued];
            if (pair.Count >= threshold && !pair.IsDone && !pair.IsQueued && Merges(queued) is var count && count >= threshold)
            {
                queue.Enqueue(queued, (count, queued));
                pair.IsQueued = true;
            }
        }
    }

    /// <summary>How many merges a pair would bring: in aaa, aa stands twice but is merged once.</summary>
    private long Merges(int number)
    {
        var pair = pairs[number];
        if (pair.Left != pair.Right)
        {
            return pair.Count;
        }

        var (count, taken) = (0L, None);
        for (var place = pair.FirstPlace; place != None; place = nextPlace[place])
        {
            if (place != taken)
            {
                count += corpus.Counts[stretchAt[place]];
                taken = next[place];
            }
        }

        return count;
    }

    private int Order((long Count, int Pair) a, (long Count, int Pair) b)
    {
        if (a.Count != b.Count)
        {
            return b.Count.CompareTo(a.Count);
        }

        var all = CollectionsMarshal.AsSpan(pairs);
        var (x, y) = (all[a.Pair].Symbols, all[b.Pair].Symbols);
        if (x.Length != y.Length)
        {
            return x.Length.CompareTo(y.Length);
        }

        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i])
            {
                return corpus.Alphabet[x[i]].CompareTo(corpus.Alphabet[y[i]]);
            }
        }

        return all[a.Pair].Left.CompareTo(all[b.Pair].Left); // The same string from other parts.
    }

    private struct Pair(int left, int right, int[] symbols)
    {
        public readonly int Left => left;

        public readonly int Right => right;

        public readonly int[] Symbols => symbols;

        /// <summary>How often the two stand side by side now.</summary>
        public long Count;

        /// <summary>The places, ascending, are linked from here.</summary>
        public int FirstPlace = None;

        public int LastPlace = None;

        public bool IsQueued;

        public bool IsDone;
    }
}
