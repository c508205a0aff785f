namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the merges of a byte-pair encoding: again and again the most frequent pair of neighbours becomes one symbol;
/// among equally frequent ones the shorter, then the one first in code point order. Each pair knows the places where it
/// stands, so the work grows with the number of merges done in the words, not with merges × words.
/// </summary>
internal sealed class MergeLearner
{
    private const int None = PairTable.None;

    private readonly TrainingCorpus corpus;
    private readonly Place[] places; // All stretches behind each other.
    private readonly PairTable pairs;
    private readonly PairQueue queue;
    private int queued; // Pairs before this one have been looked at.
    private long threshold = long.MaxValue; // Rarer pairs are queued only when none is left above.

    // The same string can come from different pairs; only the first of them is merged, as in SentencePiece.
    private readonly HashSet<string> texts = [];

    /// <summary>Counts the pairs.</summary>
    /// <param name="corpus">Stretches with their counts.</param>
    /// <param name="rules">Which pieces may be made.</param>
    public MergeLearner(TrainingCorpus corpus, PieceRules rules)
    {
        this.corpus = corpus;
        pairs = new PairTable(corpus, rules);
        queue = new PairQueue(pairs);
        places = new Place[corpus.Symbols.Length];
        for (var stretch = 0; stretch < corpus.Count; stretch++)
        {
            var (first, end) = (corpus.Starts[stretch], corpus.Starts[stretch + 1]);
            for (var place = first; place < end; place++)
            {
                places[place] = new Place
                {
                    Piece = corpus.Symbols[place],
                    Stretch = stretch,
                    Previous = place == first ? None : place - 1,
                    Next = place + 1 == end ? None : place + 1,
                };
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
            if (queue.Count == 0)
            {
                if (threshold <= 1)
                {
                    return null;
                }

                LowerThreshold();
                continue;
            }

            var (number, then) = queue.Top;
            var count = Merges(number);
            if (count != then && count >= threshold)
            {
                queue.LowerTop(count); // It has become rarer since it was queued.
                continue;
            }

            queue.RemoveTop();
            ref var pair = ref pairs[number];
            pair.IsQueued = false;
            if (count != then)
            {
                continue;
            }

            pair.IsDone = true;
            var text = corpus.Text(pairs.Symbols(number));
            if (texts.Add(text))
            {
                Accept(number);
                return text;
            }
        }
    }

    /// <summary>Where the pairs above the threshold are used up. Most of all pairs are so rare that they never come to be queued.</summary>
    private void LowerThreshold()
    {
        var most = 0L;
        for (var number = 0; number < pairs.Count; number++)
        {
            most = pairs[number].IsDone ? most : Math.Max(most, pairs[number].Count);
        }

        threshold = Math.Max(1, Math.Min(threshold - 1, most) / 4);
        queued = 0;
    }

    private void Accept(int number)
    {
        var piece = pairs.AddPiece(number);
        while (pairs[number].FirstPlace is not None and var at)
        {
            ref var place = ref places[at];
            var (before, after) = (place.Previous, places[place.Next].Next);
            Part(at);
            if (before != None)
            {
                Part(before);
            }

            if (after != None)
            {
                Part(place.Next);
            }

            place.Piece = piece;
            place.Next = after;
            if (before != None)
            {
                Join(before, at);
            }

            if (after != None)
            {
                places[after].Previous = at;
                Join(at, after);
            }
        }
    }

    /// <summary>Counts two pieces that have become neighbours.</summary>
    private void Join(int at, int second)
    {
        ref var place = ref places[at];
        place.Pair = pairs.NumberOf(place.Piece, places[second].Piece);
        if (place.Pair == None)
        {
            return;
        }

        ref var pair = ref pairs[place.Pair];
        pair.Count += corpus.Counts[place.Stretch];
        (place.PreviousOfPair, place.NextOfPair) = (pair.LastPlace, None);
        if (pair.LastPlace == None)
        {
            pair.FirstPlace = at;
        }
        else
        {
            places[pair.LastPlace].NextOfPair = at;
        }

        pair.LastPlace = at;
    }

    /// <summary>Stops counting a place and its right neighbour, of which one is about to be merged.</summary>
    private void Part(int at)
    {
        ref var place = ref places[at];
        if (place.Pair == None)
        {
            return;
        }

        ref var pair = ref pairs[place.Pair];
        pair.Count -= corpus.Counts[place.Stretch];
        if (place.PreviousOfPair == None)
        {
            pair.FirstPlace = place.NextOfPair;
        }
        else
        {
            places[place.PreviousOfPair].NextOfPair = place.NextOfPair;
        }

        if (place.NextOfPair == None)
        {
            pair.LastPlace = place.PreviousOfPair;
        }
        else
        {
            places[place.NextOfPair].PreviousOfPair = place.PreviousOfPair;
        }
    }

    /// <summary>Queues the pairs that are new, or all where the threshold has been lowered.</summary>
    private void Enqueue()
    {
        for (; queued < pairs.Count; queued++)
        {
            ref var pair = ref pairs[queued];
            if (pair.Count >= threshold && !pair.IsDone && !pair.IsQueued && Merges(queued) is var count && count >= threshold)
            {
                queue.Add(queued, count);
                pair.IsQueued = true;
            }
        }
    }

    /// <summary>How many merges a pair would bring: in aaa, aa stands twice but is merged once.</summary>
    private long Merges(int number)
    {
        ref var pair = ref pairs[number];
        if (pair.Left != pair.Right)
        {
            return pair.Count;
        }

        var (count, taken) = (0L, None);
        for (var at = pair.FirstPlace; at != None; at = places[at].NextOfPair)
        {
            if (at != taken)
            {
                count += corpus.Counts[places[at].Stretch];
                taken = places[at].Next;
            }
        }

        return count;
    }

    /// <summary>Where a symbol of the corpus stands, or the piece that begins with it; what lies inside of a piece is not looked at.</summary>
    private struct Place
    {
        public int Piece;
        public int Stretch;

        // The neighbours.
        public int Previous;
        public int Next;

        // The pair that this piece makes with its right neighbour, and the neighbouring places of the same pair.
        public int Pair;
        public int PreviousOfPair;
        public int NextOfPair;
    }
}
