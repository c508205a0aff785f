using System.Buffers;
using System.Runtime.InteropServices;
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
        var rented = ArrayPool<double>.Shared.Rent(logits.Length);
        try
        {
            var weights = rented.AsSpan(0, logits.Length);
            for (var i = 0; i < logits.Length; i++)
            {
                weights[i] = Math.Exp(((double)logits[i] - max) / options.Temperature);
            }

            var isCut = options.TopK > 0 && options.TopK < logits.Length;
            if (!isCut && options.TopP >= 1)
            {
                return Pick(weights);
            }

            var likely = isCut ? Likeliest(weights, options.TopK) : Above(weights);
            likely.Sort((a, b) => b.Weight.CompareTo(a.Weight) is var order and not 0 ? order : a.Id.CompareTo(b.Id));
            var chosen = CollectionsMarshal.AsSpan(likely.ConvertAll(token => token.Weight));
            return likely[Pick(chosen[..Nucleus(chosen, isCut ? Sum(chosen) : Sum(weights))])].Id;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>So many of the likeliest tokens, in any order.</summary>
    private static List<(double Weight, int Id)> Likeliest(ReadOnlySpan<double> weights, int count)
    {
        // The least likely of those that are kept comes out first: of equal ones the one with the greatest id.
        var kept = new PriorityQueue<int, (double Weight, int NegativeId)>(count);
        for (var id = 0; id < weights.Length; id++)
        {
            if (kept.Count < count)
            {
                kept.Enqueue(id, (weights[id], -id));
            }
            else if (kept.TryPeek(out _, out var least) && weights[id] > least.Weight)
            {
                kept.DequeueEnqueue(id, (weights[id], -id));
            }
        }

        return [.. kept.UnorderedItems.Select(item => (item.Priority.Weight, item.Element))];
    }

    /// <summary>
    /// The tokens that top-p may choose: all that are less likely together have half of what it leaves out at most. Sorting
    /// the whole vocabulary would take longer than many a model.
    /// </summary>
    private List<(double Weight, int Id)> Above(ReadOnlySpan<double> weights)
    {
        var least = (1 - options.TopP) * Sum(weights) / weights.Length / 2;
        var above = new List<(double Weight, int Id)>();
        for (var id = 0; id < weights.Length; id++)
        {
            if (weights[id] >= least)
            {
                above.Add((weights[id], id));
            }
        }

        return above;
    }

    /// <summary>Draws one of the weights.</summary>
    private int Pick(ReadOnlySpan<double> weights)
    {
        var point = random.NextDouble() * Sum(weights);
        for (var i = 0; i < weights.Length - 1; i++)
        {
            point -= weights[i];
            if (point < 0)
            {
                return i;
            }
        }

        // Rounding may leave a rest; it goes to the last token that has a probability.
        return weights.LastIndexOfAnyExcept(0.0);
    }

    /// <summary>How many of the weights, likeliest first, reach the wanted part of the total; at least one.</summary>
    private int Nucleus(ReadOnlySpan<double> weights, double total)
    {
        if (options.TopP >= 1)
        {
            return weights.Length;
        }

        var (wanted, reached) = (options.TopP * total, 0.0);
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
