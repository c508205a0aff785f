namespace Llamax.Text.Tokenizers.Training;

/// <summary>Pairs with the counts that they had when they came, the most frequent on top: a heap of four children a node.</summary>
/// <param name="pairs">Orders those of the same count.</param>
internal sealed class PairQueue(PairTable pairs)
{
    private const int Children = 4;

    private long[] counts = new long[1 << 10];
    private int[] numbers = new int[1 << 10];

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>The first pair.</summary>
    public (int Number, long Count) Top => (numbers[0], counts[0]);

    /// <summary>Adds a pair.</summary>
    public void Add(int number, long count)
    {
        if (Count == counts.Length)
        {
            var (largerCounts, largerNumbers) = (new long[2 * Count], new int[2 * Count]);
            Array.Copy(counts, largerCounts, Count);
            Array.Copy(numbers, largerNumbers, Count);
            (counts, numbers) = (largerCounts, largerNumbers);
        }

        var at = Count++;
        while (at > 0 && (at - 1) / Children is var parent && Before(count, number, parent))
        {
            (counts[at], numbers[at]) = (counts[parent], numbers[parent]);
            at = parent;
        }

        (counts[at], numbers[at]) = (count, number);
    }

    /// <summary>Takes the first pair away.</summary>
    public void RemoveTop()
    {
        Count--;
        Sink(numbers[Count], counts[Count]);
    }

    /// <summary>Puts the first pair where its new, lower count belongs.</summary>
    public void LowerTop(long count) => Sink(numbers[0], count);

    private void Sink(int number, long count)
    {
        var at = 0;
        while (Children * at + 1 < Count)
        {
            var best = Children * at + 1;
            for (var child = best + 1; child < Math.Min(Count, Children * at + 1 + Children); child++)
            {
                best = Before(counts[child], numbers[child], best) ? child : best;
            }

            if (Before(count, number, best))
            {
                break;
            }

            (counts[at], numbers[at]) = (counts[best], numbers[best]);
            at = best;
        }

        (counts[at], numbers[at]) = (count, number);
    }

    private bool Before(long count, int number, int at) =>
        count != counts[at] ? count > counts[at] : pairs.Compare(number, numbers[at]) < 0;
}
