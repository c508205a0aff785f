using Llamax.Metrics.Ngrams;
using Llamax.Metrics.Tokenization;

namespace Llamax.Metrics;

/// <summary>
/// BLEU (Papineni et al., 2002) as sacreBLEU computes it (Post, 2018); with the pieces of a SentencePiece model as
/// tokens it is spBLEU (Goyal et al., 2022).
/// </summary>
public sealed class Bleu : Metric
{
    private readonly BleuOptions options;

    /// <summary>Prepares the metric.</summary>
    /// <param name="options">How it is computed; null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum order is below 1.</exception>
    public Bleu(BleuOptions? options = null)
    {
        this.options = options ?? new BleuOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.MaximumOrder, 1, nameof(options));
    }

    /// <inheritdoc/>
    public override string Name => options.IsSpBleu ? "spBLEU" : "BLEU";

    private double SmoothingValue => options.SmoothingValue ?? (options.Smoothing == Smoothing.Floor ? 0.1 : 1);

    /// <inheritdoc/>
    public override string Signature(int references)
    {
        var smoothing = options.Smoothing switch
        {
            Smoothing.Exponential => "exp",
            Smoothing.Floor => $"floor[{SmoothingValue:F2}]",
            Smoothing.AddK => $"add-k[{SmoothingValue:F2}]",
            _ => "none",
        };
        return $"nrefs:{references}|case:{(options.Lowercase ? "lc" : "mixed")}|eff:{(options.EffectiveOrder ? "yes" : "no")}" +
            $"|tok:{options.Tokenizer.Name}|smooth:{smoothing}|version:{SacreBleuVersion}";
    }

    private protected override Score Compute(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        var statistics = new Statistics(options.MaximumOrder);
        for (var i = 0; i < hypotheses.Count; i++)
        {
            AddSegment(statistics, hypotheses[i], references.Select(lines => lines[i]));
        }

        return ToScore(statistics, Signature(references.Count));
    }

    private void AddSegment(Statistics statistics, string hypothesis, IEnumerable<string> references)
    {
        var numbers = new TokenNumbers();
        var index = new NgramIndex(options.MaximumOrder);
        var tokens = Tokens(hypothesis);
        var counts = index.Count(tokens);
        var reference = new NgramCounts(index);
        var referenceLength = -1;
        foreach (var text in references)
        {
            var referenceTokens = Tokens(text);
            reference.Maximum(index.Count(referenceTokens));
            var (closest, length) = (Math.Abs(referenceLength - tokens.Length), Math.Abs(referenceTokens.Length - tokens.Length));
            if (referenceLength < 0 || length < closest || (length == closest && referenceTokens.Length < referenceLength))
            {
                referenceLength = referenceTokens.Length;
            }
        }

        var matches = counts.Matches(reference);
        for (var n = 0; n < options.MaximumOrder; n++)
        {
            statistics.Counts[n] += matches[n];
            statistics.Totals[n] += Math.Max(0, tokens.Length - n);
        }

        statistics.SystemLength += tokens.Length;
        statistics.ReferenceLength += referenceLength;

        int[] Tokens(string text) => numbers.Of(options.Tokenizer.Tokenize(
            Whitespace.TrimEnd(options.Lowercase ? Casing.Lower(text) : text)));
    }

    private BleuScore ToScore(Statistics statistics, string signature)
    {
        var (counts, totals) = (statistics.Counts, statistics.Totals);
        var precisions = new double[options.MaximumOrder];
        var penalty = statistics.SystemLength >= statistics.ReferenceLength ? 1
            : statistics.SystemLength == 0 ? 0
            : Math.Exp(1 - ((double)statistics.ReferenceLength / statistics.SystemLength));

        // Without a single match the score is 0, whatever the smoothing.
        var value = Array.TrueForAll(counts, count => count == 0) ? 0 : penalty * GeometricMean();
        return new BleuScore(
            Name, value, signature, counts, totals, precisions, penalty, statistics.SystemLength, statistics.ReferenceLength);

        double GeometricMean()
        {
            var (order, emptyOrders) = (options.MaximumOrder, 1.0);
            for (var n = 0; n < options.MaximumOrder; n++)
            {
                if (options.Smoothing == Smoothing.AddK && n > 0)
                {
                    counts[n] += SmoothingValue;
                    totals[n] += SmoothingValue;
                }

                if (totals[n] == 0)
                {
                    break;
                }

                order = options.EffectiveOrder ? n + 1 : order;
                precisions[n] = (counts[n], options.Smoothing) switch
                {
                    (not 0, _) => 100 * counts[n] / totals[n],
                    (_, Smoothing.Exponential) => 100 / ((emptyOrders *= 2) * totals[n]),
                    (_, Smoothing.Floor) => 100 * SmoothingValue / totals[n],
                    _ => 0,
                };
            }

            return Math.Exp(precisions.Take(order).Sum(Math.Log) / order);
        }
    }

    private sealed class Statistics(int order)
    {
        public double[] Counts { get; } = new double[order];

        public double[] Totals { get; } = new double[order];

        public int SystemLength { get; set; }

        public int ReferenceLength { get; set; }
    }
}
