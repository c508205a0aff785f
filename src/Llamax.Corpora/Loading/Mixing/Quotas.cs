using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Loading.Mixing;

/// <summary>How many of an epoch's entries come from each group.</summary>
internal static class Quotas
{
    private const double LargestWeight = 1e9; // Products of several stay finite.

    /// <summary>Distributes as many entries as there are; the sum is exact.</summary>
    /// <param name="groups">Kind, direction and number of entries of each group; all have some.</param>
    /// <param name="options">Temperature and weights.</param>
    /// <exception cref="LlamaxException">A weight fits no group, is no factor, or nothing is left.</exception>
    public static long[] Of(IReadOnlyList<ShardGroup> groups, MixingOptions options)
    {
        Check(groups, options);
        var mass = new double[groups.Count];
        foreach (var kind in groups.Select((group, i) => (Group: group, Index: i)).GroupBy(each => each.Group.Kind))
        {
            var inside = kind.Select(each => (each.Index, Mass: Factor(each.Group, options) * Math.Pow(each.Group.Rows, 1 / options.Temperature))).ToList();
            var sum = inside.Sum(each => each.Mass);
            var share = kind.Sum(each => (double)each.Group.Rows) * options.Weights.GetValueOrDefault(kind.Key, 1);
            foreach (var (index, part) in inside.Where(_ => sum > 0))
            {
                mass[index] = Round(share * part / sum);
            }
        }

        return Distribute(mass, groups.Sum(group => group.Rows));
    }

    /// <summary>To 40 binary digits: powers differ by a last bit between machines, and so rounded they are the same.</summary>
    private static double Round(double value)
    {
        const long Half = 1L << 11; // A double has 52 digits behind its first.
        return BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(value) + Half) & ~((2 * Half) - 1));
    }

    /// <summary>Largest remainders (Hamilton): each gets the whole part of its due, and those that miss most get one more.</summary>
    private static long[] Distribute(double[] mass, long total)
    {
        var sum = mass.Sum();
        if (sum <= 0)
        {
            throw new LlamaxException("the weights leave nothing of the training set: each group's is 0. Raise one of them.");
        }

        var quotas = new long[mass.Length];
        var missing = new double[mass.Length];
        for (var i = 0; i < mass.Length; i++)
        {
            var due = mass[i] / sum * total;
            quotas[i] = (long)due;
            missing[i] = due - quotas[i];
        }

        var largest = Enumerable.Range(0, mass.Length).Where(i => mass[i] > 0).OrderByDescending(i => missing[i]).ThenBy(i => i).ToList();
        var left = total - quotas.Sum();
        for (var i = 0; left != 0; i = (i + 1) % largest.Count)
        {
            // Rounding of huge totals may leave more than one each, or less than nothing.
            var step = Math.Sign(left);
            quotas[largest[i]] += step;
            left -= step;
        }

        return quotas;
    }

    private static double Factor(ShardGroup group, MixingOptions options)
    {
        var languages = group.Direction.Split('-');
        var factor = languages.Distinct(StringComparer.Ordinal).Aggregate(1.0, (product, language) => product * options.Weights.GetValueOrDefault(language, 1));
        return languages.Length == 1 ? factor : factor * options.Weights.GetValueOrDefault(group.Direction, 1);
    }

    private static void Check(IReadOnlyList<ShardGroup> groups, MixingOptions options)
    {
        foreach (var (key, weight) in options.Weights)
        {
            if (weight is not (>= 0 and <= LargestWeight))
            {
                throw new LlamaxException($"the weight of '{key}' is {weight}; it must be a number from 0 to {LargestWeight:N0}.");
            }

            if (!groups.Any(group => group.Kind == key || group.Direction == key || group.Direction.Split('-').Contains(key)))
            {
                throw new LlamaxException(
                    $"weights: '{key}' is neither a kind ({string.Join(", ", groups.Select(group => group.Kind).Distinct(StringComparer.Ordinal))}) nor a language or "
                    + "direction of this training set. `llamax data stats` lists them.");
            }
        }
    }
}
