namespace Llamax.Text.Tokenizers.Training;

/// <summary>All ways to cut one text of the corpus into pieces. Used by one thread at a time, again and again.</summary>
internal sealed class UnigramLattice(UnigramVocabulary vocabulary)
{
    // Beyond these a product of probabilities has lost digits.
    private const double Smallest = 1e-250;
    private const double Largest = 1e250;

    private double[] forwardRoom = new double[64];
    private double[] backwardRoom = new double[64];
    private float[] bestRoom = new float[64];
    private int[] bestArcRoom = new int[64];

    /// <summary>Adds each piece's expected number of occurrences, in fixed point so that the order of adding does not matter.</summary>
    /// <param name="start">Where the text begins in the corpus.</param>
    /// <param name="length">Its length.</param>
    /// <param name="weight">How often it stands in the corpus, times the fixed point's scale.</param>
    /// <param name="tilt">What the vocabulary's probabilities are tilted by.</param>
    /// <param name="expected">Receives the counts.</param>
    /// <returns>Log-probability of the text.</returns>
    public double Expect(int start, int length, double weight, double tilt, long[] expected)
    {
        Reserve(length + 1);
        var arcs = vocabulary.Arcs;
        var longestAt = vocabulary.LongestAt.Slice(start, length);
        var forward = forwardRoom.AsSpan(0, length + 1);
        var backward = backwardRoom.AsSpan(0, length + 1);
        forward.Clear();
        forward[0] = 1;
        for (var from = 0; from < length; from++)
        {
            var reached = forward[from];
            for (var id = longestAt[from]; id != UnigramVocabulary.None;)
            {
                ref readonly var arc = ref arcs[id];
                forward[from + arc.Length] += reached * arc.Value;
                id = arc.Shorter;
            }
        }

        var total = forward[length];
        if (!(total > Smallest && total < Largest))
        {
            return ExpectByLogarithms(start, length, weight, expected);
        }

        backward[length] = 1;
        var scale = weight / total;
        for (var from = length - 1; from >= 0; from--)
        {
            var (sum, reached) = (0.0, forward[from] * scale);
            for (var id = longestAt[from]; id != UnigramVocabulary.None;)
            {
                ref readonly var arc = ref arcs[id];
                var rest = backward[from + arc.Length] * arc.Value;
                sum += rest;
                expected[id] += (long)((reached * rest) + 0.5);
                id = arc.Shorter;
            }

            backward[from] = sum;
        }

        return Math.Log(total) - (tilt * length);
    }

    /// <summary>The most probable way. The earliest beginning wins among equals, and sums are in single precision, as in SentencePiece.</summary>
    /// <param name="start">Where the text begins in the corpus.</param>
    /// <param name="length">Its length.</param>
    /// <param name="without">A piece of several symbols that may not be taken; <see cref="UnigramVocabulary.None"/> for none.</param>
    /// <param name="ids">Receives the pieces, from the last to the first.</param>
    /// <returns>The way's log-probability.</returns>
    public float Best(int start, int length, int without, List<int> ids)
    {
        Reserve(length + 1);
        var arcs = vocabulary.Arcs;
        var longestAt = vocabulary.LongestAt.Slice(start, length);
        var best = bestRoom.AsSpan(0, length + 1);
        var bestArc = bestArcRoom.AsSpan(0, length + 1);
        for (var to = 1; to < best.Length; to++)
        {
            best[to] = float.NegativeInfinity;
        }

        best[0] = 0;
        for (var from = 0; from < length; from++)
        {
            var reached = best[from];
            for (var id = longestAt[from]; id != UnigramVocabulary.None; id = arcs[id].Shorter)
            {
                ref readonly var arc = ref arcs[id];
                var to = from + arc.Length;
                if (to <= length && reached + (float)arc.Value > best[to] && id != without)
                {
                    (best[to], bestArc[to]) = (reached + (float)arc.Value, id);
                }
            }
        }

        ids.Clear();
        for (var end = length; end > 0; end -= arcs[bestArc[end]].Length)
        {
            ids.Add(bestArc[end]);
        }

        return best[length];
    }

    private double ExpectByLogarithms(int start, int length, double weight, long[] expected)
    {
        var forward = forwardRoom.AsSpan(0, length + 1);
        var backward = backwardRoom.AsSpan(0, length + 1);
        forward.Fill(double.NegativeInfinity);
        backward.Fill(double.NegativeInfinity);
        (forward[0], backward[length]) = (0, 0);
        var arcs = vocabulary.Arcs;
        var longestAt = vocabulary.LongestAt.Slice(start, length);
        for (var from = 0; from < length; from++)
        {
            for (var id = longestAt[from]; id != UnigramVocabulary.None; id = arcs[id].Shorter)
            {
                ref var to = ref forward[from + arcs[id].Length];
                to = LogSum(to, forward[from] + Score(id));
            }
        }

        for (var from = length - 1; from >= 0; from--)
        {
            for (var id = longestAt[from]; id != UnigramVocabulary.None; id = arcs[id].Shorter)
            {
                var rest = backward[from + arcs[id].Length] + Score(id);
                backward[from] = LogSum(backward[from], rest);
                expected[id] += (long)((Math.Exp(forward[from] + rest - forward[length]) * weight) + 0.5);
            }
        }

        return forward[length];
    }

    private float Score(int id) => id == vocabulary.Unknown ? vocabulary.UnknownScore : vocabulary.Pieces[id].Score;

    private static double LogSum(double a, double b)
    {
        var (low, high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    private void Reserve(int length)
    {
        if (forwardRoom.Length < length)
        {
            var size = Math.Max(length, 2 * forwardRoom.Length);
            (forwardRoom, backwardRoom, bestRoom, bestArcRoom) = (new double[size], new double[size], new float[size], new int[size]);
        }
    }
}
