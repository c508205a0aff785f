namespace Llamax.Models.Tests.Attention;

/// <summary>
/// Attention of beams as one writes it down: each beam of each sentence has lists of all keys and values that it sees,
/// copied when beams are chosen. One head of keys, one layer, numbers in double.
/// </summary>
internal sealed class PlainBeams
{
    /// <summary>What each beam of each sentence sees.</summary>
    public List<List<Seen>> Sentences { get; } = [];

    public static float[] Mix(float[] query, Seen seen, Func<int, float> bias)
    {
        var scores = new double[seen.Keys.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var key = seen.Keys[i];
            for (var j = 0; j < query.Length; j++)
            {
                scores[i] += (double)query[j] * key[j];
            }

            scores[i] = (scores[i] / Math.Sqrt(query.Length)) + bias(scores.Length - 1 - i);
        }

        var max = scores.Max();
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - max));
        var total = weights.Sum();
        var mixed = new double[query.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < mixed.Length; j++)
            {
                mixed[j] += weights[i] / total * seen.Values[i][j];
            }
        }

        return [.. mixed.Select(value => (float)value)];
    }

    /// <summary>Keys and values in their order.</summary>
    internal sealed record Seen(List<float[]> Keys, List<float[]> Values)
    {
        public Seen Copy() => new([.. Keys], [.. Values]);
    }
}
