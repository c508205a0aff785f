using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>All ways to cut one text into pieces. Used by one thread at a time, again and again.</summary>
internal sealed class UnigramLattice(UnigramVocabulary vocabulary)
{
    // Beyond these a product of probabilities has lost digits.
    private const double Smallest = 1e-250;
    private const double Largest = 1e250;

    private readonly List<(int From, int To, int Id)> arcs = [];
    private double[] forward = new double[64];
    private double[] backward = new double[64];
    private int[] bestArc = new int[64];

    /// <summary>Adds each piece's expected number of occurrences, in fixed point so that the order of adding does not matter.</summary>
    /// <param name="text">The text.</param>
    /// <param name="weight">How often it stands in the corpus, times the fixed point's scale.</param>
    /// <param name="tilted">Probabilities times e^(<paramref name="tilt"/> × length); all ways get the same factor, which keeps products near 1.</param>
    /// <param name="tilt">Per symbol.</param>
    /// <param name="expected">Receives the counts.</param>
    /// <returns>Log-probability of the text.</returns>
    public double Expect(ReadOnlySpan<int> text, double weight, double[] tilted, double tilt, long[] expected)
    {
        vocabulary.FindArcs(text, arcs);
        Reserve(text.Length + 1);
        var ways = CollectionsMarshal.AsSpan(arcs);
        forward.AsSpan(0, text.Length + 1).Clear();
        backward.AsSpan(0, text.Length + 1).Clear();
        forward[0] = 1;
        foreach (var (from, to, id) in ways)
        {
            forward[to] += forward[from] * tilted[id];
        }

        var total = forward[text.Length];
        if (!(total > Smallest && total < Largest))
        {
            return ExpectByLogarithms(text.Length, weight, expected);
        }

        backward[text.Length] = 1;
        var scale = weight / total;
        for (var i = ways.Length - 1; i >= 0; i--)
        {
            var (from, to, id) = ways[i];
            var rest = backward[to] * tilted[id];
            backward[from] += rest;
            expected[id] += (long)((forward[from] * rest * scale) + 0.5);
        }

        return Math.Log(total) - (tilt * text.Length);
    }

    /// <summary>The most probable way: its pieces from the last to the first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="without">A piece that may not be taken; -1 for none.</param>
    /// <param name="ids">Receives the pieces.</param>
    /// <returns>The way's log-probability; minus infinity where there is none.</returns>
    public double Best(ReadOnlySpan<int> text, int without, List<int> ids)
    {
        vocabulary.FindArcs(text, arcs);
        Reserve(text.Length + 1);
        var ways = CollectionsMarshal.AsSpan(arcs);
        forward.AsSpan(0, text.Length + 1).Fill(double.NegativeInfinity);
        forward[0] = 0;
        for (var i = 0; i < ways.Length; i++)
        {
            var (from, to, id) = ways[i];
            var score = forward[from] + vocabulary.Scores[id];
            if (score > forward[to] && id != without)
            {
                (forward[to], bestArc[to]) = (score, i);
            }
        }

        ids.Clear();
        for (var end = text.Length; end > 0 && forward[text.Length] > double.NegativeInfinity; end = ways[bestArc[end]].From)
        {
            ids.Add(ways[bestArc[end]].Id);
        }

        return forward[text.Length];
    }

    private double ExpectByLogarithms(int length, double weight, long[] expected)
    {
        var ways = CollectionsMarshal.AsSpan(arcs);
        forward.AsSpan(0, length + 1).Fill(double.NegativeInfinity);
        backward.AsSpan(0, length + 1).Fill(double.NegativeInfinity);
        (forward[0], backward[length]) = (0, 0);
        foreach (var (from, to, id) in ways)
        {
            forward[to] = LogSum(forward[to], forward[from] + vocabulary.Scores[id]);
        }

        var total = forward[length];
        for (var i = ways.Length - 1; i >= 0; i--)
        {
            var (from, to, id) = ways[i];
            var rest = backward[to] + vocabulary.Scores[id];
            backward[from] = LogSum(backward[from], rest);
            expected[id] += (long)((Math.Exp(forward[from] + rest - total) * weight) + 0.5);
        }

        return total;
    }

    private static double LogSum(double a, double b)
    {
        var (low, high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    private void Reserve(int length)
    {
        if (forward.Length < length)
        {
            var size = Math.Max(length, 2 * forward.Length);
            (forward, backward, bestArc) = (new double[size], new double[size], new int[size]);
        }
    }
}
