namespace Llamax.Metrics.Ngrams;

/// <summary>How often each n-gram of an index occurs in a segment.</summary>
internal sealed class NgramCounts(NgramIndex index)
{
    private readonly List<int> counts = [];

    public void Increment(int number)
    {
        Reach(number);
        counts[number]++;
    }

    /// <summary>Takes the larger count of each n-gram, as BLEU does over several references.</summary>
    public void Maximum(NgramCounts other)
    {
        for (var number = 0; number < other.counts.Count; number++)
        {
            Reach(number);
            counts[number] = Math.Max(counts[number], other.counts[number]);
        }
    }

    /// <summary>Per order, the n-grams that both have, each as often as the one that has it less often.</summary>
    public int[] Matches(NgramCounts other)
    {
        var matches = new int[index.Order];
        for (var number = 0; number < Math.Min(counts.Count, other.counts.Count); number++)
        {
            matches[index.OrderOf(number)] += Math.Min(counts[number], other.counts[number]);
        }

        return matches;
    }

    private void Reach(int number)
    {
        while (counts.Count <= number)
        {
            counts.Add(0);
        }
    }
}
