namespace Llamax.Corpora.Building.Pseudo;

/// <summary>Spreads sentences over partners so that those with the fewest pairs get the most.</summary>
internal static class WaterFilling
{
    /// <summary>How many each gets, so that the lowest levels rise together.</summary>
    /// <param name="levels">What each has.</param>
    /// <param name="amount">What is spread.</param>
    public static long[] Spread(IReadOnlyList<long> levels, long amount)
    {
        var given = new long[levels.Count];
        int[] order = [.. Enumerable.Range(0, levels.Count).OrderBy(i => levels[i])]; // Stable: of equal ones the first first.
        for (var count = 1; count <= order.Length && amount > 0; count++)
        {
            var level = levels[order[count - 1]];
            var next = count < order.Length ? levels[order[count]] : long.MaxValue;
            var rise = Math.Min(next - level, amount / count);
            for (var i = 0; i < count; i++)
            {
                given[order[i]] += rise;
            }

            amount -= rise * count;
            if (rise < next - level)
            {
                for (var i = 0; i < amount; i++)
                {
                    given[order[i]]++;
                }

                amount = 0;
            }
        }

        return given;
    }
}
