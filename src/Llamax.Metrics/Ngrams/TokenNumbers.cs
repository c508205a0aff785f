namespace Llamax.Metrics.Ngrams;

/// <summary>Gives each different token a number.</summary>
internal sealed class TokenNumbers
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    public int[] Of(IReadOnlyList<string> tokens)
    {
        var result = new int[tokens.Count];
        for (var i = 0; i < result.Length; i++)
        {
            if (!numbers.TryGetValue(tokens[i], out result[i]))
            {
                numbers.Add(tokens[i], result[i] = numbers.Count);
            }
        }

        return result;
    }
}
