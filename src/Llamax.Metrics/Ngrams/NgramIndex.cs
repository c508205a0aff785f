namespace Llamax.Metrics.Ngrams;

/// <summary>
/// Numbers the n-grams of one segment and its references without building them: an n-gram is an (n-1)-gram followed by
/// a token, so a pair of numbers stands for it exactly.
/// </summary>
internal sealed class NgramIndex(int order)
{
    private readonly Dictionary<(int Prefix, int Token), int> numbers = [];
    private readonly List<int> orders = [];

    /// <summary>The longest n-grams that are counted.</summary>
    public int Order => order;

    /// <summary>The order, from 0, of the n-gram of that number.</summary>
    public int OrderOf(int number) => orders[number];

    /// <summary>Counts the n-grams of a sequence.</summary>
    public NgramCounts Count(ReadOnlySpan<int> tokens)
    {
        var counts = new NgramCounts(this);
        for (var start = 0; start < tokens.Length; start++)
        {
            var prefix = -1;
            for (var n = 0; n < order && start + n < tokens.Length; n++)
            {
                if (!numbers.TryGetValue((prefix, tokens[start + n]), out var number))
                {
                    number = orders.Count;
                    numbers.Add((prefix, tokens[start + n]), number);
                    orders.Add(n);
                }

                counts.Increment(number);
                prefix = number;
            }
        }

        return counts;
    }
}
