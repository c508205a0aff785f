using Llamax.Text.Randomness;

namespace Llamax.Translation.Generation;

/// <summary>Draws tokens from logits.</summary>
internal sealed class TokenSampler(SamplingOptions options, RandomStream random)
{
    /// <summary>
    /// Draws the next token. Of equally likely ones the smaller id counts as the likelier. Null where a logit is not a
    /// number, or no token has a probability.
    /// </summary>
    /// <param name="logits">One per token of the vocabulary.</param>
    public int? Next(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
            {
                return null;
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return float.IsNegativeInfinity(logits[best]) ? null
            : options.Temperature == 0 || options.TopK == 1 ? best
            : Draw(logits, logits[best]);
    }

    private int Draw(ReadOnlySpan<float> logits, float max)
    {
        var ids = new int[logits.Length];
        var weights = new double[logits.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            ids[i] = i;
            weights[i] = Math.Exp(((double)logits[i] - max) / options.Temperature);
        }

        var count = logits.Length;
        if ((options.TopK > 0 && options.TopK < count) || options.TopP < 1)
        {
            var unordered = weights;
            Array.Sort(ids, (a, b) => unordered[b].CompareTo(unordered[a]) is var order and not 0 ? order : a.CompareTo(b));
            weights = Array.ConvertAll(ids, id => unordered[id]);
            count = options.TopK > 0 ? Math.Min(options.TopK, count) : count;
            count = Nucleus(weights.AsSpan(0, count));
        }

        var total = Sum(weights.AsSpan(0, count));
        var point = random.NextDouble() * total;
        for (var i = 0; i < count - 1; i++)
        {
            point -= weights[i];
            if (point < 0)
            {
                return ids[i];
            }
        }

        // Rounding may leave a rest; it goes to the last token that has a probability.
        return ids[weights.AsSpan(0, count).LastIndexOfAnyExcept(0.0)];
    }

    /// <summary>How many of the weights, likeliest first, reach the wanted part of their sum; at least one.</summary>
    private int Nucleus(ReadOnlySpan<double> weights)
    {
        if (options.TopP >= 1)
        {
            return weights.Length;
        }

        var (wanted, reached) = (options.TopP * Sum(weights), 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            reached += weights[i];
            if (reached >= wanted)
            {
                return i + 1;
            }
        }

        return weights.Length;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
