using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>What <see cref="DistanceBias"/> adds, laid out so that the keys of a query stand in their order, the newest last.</summary>
internal sealed class DistanceTable
{
    private readonly Dictionary<Tensor, Rows> known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The table of a bias for contexts up to so many keys.</summary>
    public Rows For(DistanceBias bias, int keys)
    {
        if (!known.TryGetValue(bias.Weight, out var rows) || rows.Capacity < keys)
        {
            using var scope = NewDisposeScope();
            var capacity = 2 * keys;
            known[bias.Weight] = rows = new Rows(bias.ByDistance(capacity).flip(1).contiguous().cpu().data<float>().ToArray(), capacity);
        }

        return rows;
    }

    /// <summary>The table of one bias.</summary>
    /// <param name="values"><c>[heads, capacity]</c>, the farthest key first.</param>
    /// <param name="capacity">Distances.</param>
    internal sealed class Rows(float[] values, int capacity)
    {
        public int Capacity => capacity;

        /// <summary>For a head, what is added to the scores of so many keys, of which the last is the query's own.</summary>
        public ReadOnlySpan<float> Ending(int head, int keys) => values.AsSpan(((head + 1) * capacity) - keys, keys);
    }
}
