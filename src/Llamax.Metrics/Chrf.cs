using Llamax.Metrics.Ngrams;

namespace Llamax.Metrics;

/// <summary>chrF (Popović, 2015) and chrF++ (Popović, 2017) as sacreBLEU computes them.</summary>
public sealed class Chrf : Metric
{
    private const double Epsilon = 1e-16;
    private readonly ChrfOptions options;

    /// <summary>Prepares the metric.</summary>
    /// <param name="options">How it is computed; null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order or beta is below its least value.</exception>
    public Chrf(ChrfOptions? options = null)
    {
        this.options = options ?? new ChrfOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.CharacterOrder, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(this.options.WordOrder, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.Beta, 1, nameof(options));
    }

    /// <inheritdoc/>
    public override string Name => options.WordOrder > 0 ? "chrF++" : "chrF";

    private int Orders => options.CharacterOrder + options.WordOrder;

    /// <inheritdoc/>
    public override string Signature(int references) =>
        $"nrefs:{references}|case:{(options.Lowercase ? "lc" : "mixed")}|eff:{(options.EpsilonSmoothing ? "no" : "yes")}" +
        $"|nc:{options.CharacterOrder}|nw:{options.WordOrder}|space:{(options.Whitespace ? "yes" : "no")}|version:{SacreBleuVersion}";

    private protected override Score Compute(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        var total = new Statistics(Orders);
        for (var i = 0; i < hypotheses.Count; i++)
        {
            total.Add(BestOf(hypotheses[i], references.Select(lines => lines[i])));
        }

        return new ChrfScore(
            Name, FScore(total), Signature(references.Count), total.Hypothesis, total.Reference, total.Matches);
    }

    /// <summary>The statistics of a segment against the reference that gives the best score.</summary>
    private Statistics BestOf(string hypothesis, IEnumerable<string> references)
    {
        var (characters, words) = (new NgramIndex(options.CharacterOrder), new NgramIndex(options.WordOrder));
        var numbers = new TokenNumbers();
        var text = Counted(hypothesis);
        Statistics? best = null;
        var bestScore = -1.0;
        foreach (var reference in references)
        {
            var statistics = Compare(text, Counted(reference));
            var score = FScore(statistics);
            if (score > bestScore)
            {
                (best, bestScore) = (statistics, score);
            }
        }

        return best!;

        CountedText Counted(string segment)
        {
            segment = options.Lowercase ? Casing.Lower(segment) : segment;
            var letters = segment.EnumerateRunes()
                .Where(rune => options.Whitespace || !Tokenization.Whitespace.Is(rune.Value)).Select(rune => rune.Value).ToArray();
            var tokens = options.WordOrder > 0 ? numbers.Of(ChrfWords.Split(segment)) : [];
            return new CountedText(letters.Length, characters.Count(letters), tokens.Length, words.Count(tokens));
        }
    }

    private Statistics Compare(CountedText hypothesis, CountedText reference)
    {
        var statistics = new Statistics(Orders);
        var matches = hypothesis.Characters.Matches(reference.Characters).Concat(hypothesis.Words.Matches(reference.Words));
        foreach (var (n, match) in matches.Index())
        {
            statistics.Reference[n] = reference.Ngrams(n, options.CharacterOrder);
            statistics.Hypothesis[n] = statistics.Reference[n] > 0 ? hypothesis.Ngrams(n, options.CharacterOrder) : 0;
            statistics.Matches[n] = match;
        }

        return statistics;
    }

    private double FScore(Statistics statistics)
    {
        double factor = options.Beta * options.Beta;
        var (sum, precisions, recalls, orders) = (0.0, 0.0, 0.0, 0);
        for (var n = 0; n < Orders; n++)
        {
            var (hypothesis, reference, matches) = (statistics.Hypothesis[n], statistics.Reference[n], statistics.Matches[n]);
            var precision = hypothesis > 0 ? (double)matches / hypothesis : Epsilon;
            var recall = reference > 0 ? (double)matches / reference : Epsilon;
            var denominator = (factor * precision) + recall;
            sum += denominator > 0 ? (1 + factor) * precision * recall / denominator : Epsilon;
            if (hypothesis > 0 && reference > 0)
            {
                precisions += precision;
                recalls += recall;
                orders++;
            }
        }

        if (options.EpsilonSmoothing)
        {
            return 100 * sum / Orders;
        }

        if (precisions + recalls == 0)
        {
            return 0;
        }

        precisions /= orders;
        recalls /= orders;
        return 100 * ((1 + factor) * precisions * recalls / ((factor * precisions) + recalls));
    }

    private sealed record CountedText(int Letters, NgramCounts Characters, int Tokens, NgramCounts Words)
    {
        /// <summary>Number of n-grams of the n-th order, word orders after character orders.</summary>
        public int Ngrams(int n, int characterOrders) =>
            Math.Max(0, n < characterOrders ? Letters - n : Tokens - (n - characterOrders));
    }

    private sealed class Statistics(int orders)
    {
        public int[] Hypothesis { get; } = new int[orders];

        public int[] Reference { get; } = new int[orders];

        public int[] Matches { get; } = new int[orders];

        public void Add(Statistics other)
        {
            for (var n = 0; n < orders; n++)
            {
                Hypothesis[n] += other.Hypothesis[n];
                Reference[n] += other.Reference[n];
                Matches[n] += other.Matches[n];
            }
        }
    }
}
