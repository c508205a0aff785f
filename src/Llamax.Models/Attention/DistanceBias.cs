using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// T5's relative positions (Raffel et al., 2020, section 2.1): what a head adds to the score of a key depends on how far
/// the key stands from the query, in buckets that grow with the distance. All layers of a stack add the same: what one
/// made in a call of the model is there for the next, until it is disposed of with the call's end.
/// </summary>
/// <param name="weight"><c>[buckets, heads]</c>.</param>
/// <param name="maximalDistance">From here on all distances share the last bucket.</param>
/// <param name="bidirectional">Whether half of the buckets are for keys behind the query, as in an encoder.</param>
public sealed class DistanceBias(Tensor weight, int maximalDistance, bool bidirectional) : IDisposable
{
    private readonly Dictionary<(int Queries, int Keys), Tensor> matrices = [];
    private (int Count, Tensor Rows)? byDistance;
    private (Tensor Mask, ScalarType Type, Tensor Added)? masked;

    /// <summary>What it is computed from: the same for all calls of a model.</summary>
    internal Tensor Weight => weight;

    /// <summary>What is added to the scores, for queries that are the last of the positions of the keys.</summary>
    /// <param name="queries">Number of queries.</param>
    /// <param name="keys">Number of keys, at least as many.</param>
    /// <returns><c>[1, heads, queries, keys]</c>; it stays this object's.</returns>
    public Tensor Matrix(int queries, int keys)
    {
        if (matrices.TryGetValue((queries, keys), out var known))
        {
            return known;
        }

        using var scope = NewDisposeScope();
        var buckets = new long[checked(queries * keys)];
        for (var i = 0; i < buckets.Length; i++)
        {
            var (query, key) = Math.DivRem(i, keys);
            buckets[i] = Bucket(key - (keys - queries + query));
        }

        return matrices[(queries, keys)] = weight.index_select(0, tensor(buckets).to(weight.device)).view(queries, keys, -1).permute(2, 0, 1)
            .unsqueeze(0).DetachFromDisposeScope();
    }

    /// <summary>The same where a mask lets a query see a key, and −∞ elsewhere.</summary>
    /// <param name="mask">True where a query sees a key, <c>[batch|1, 1, queries, keys]</c>.</param>
    /// <param name="type">Number type of the queries.</param>
    /// <returns><c>[batch|1, heads, queries, keys]</c>; it stays this object's until another mask comes.</returns>
    public Tensor Masked(Tensor mask, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (masked is { } known && ReferenceEquals(known.Mask, mask) && known.Type == type)
        {
            return known.Added;
        }

        using var scope = NewDisposeScope();
        var added = Matrix((int)mask.shape[2], (int)mask.shape[3]).to(type).masked_fill(mask.logical_not(), float.NegativeInfinity).DetachFromDisposeScope();
        masked?.Added.Dispose();
        masked = (mask, type, added);
        return added;
    }

    /// <summary>What is added for keys at or before the query, by their distance from it.</summary>
    /// <param name="count">Number of distances, from 0.</param>
    /// <returns><c>[heads, count]</c>; it stays this object's until another count comes.</returns>
    public Tensor ByDistance(int count)
    {
        if (byDistance is { } known && known.Count == count)
        {
            return known.Rows;
        }

        using var scope = NewDisposeScope();
        var buckets = new long[count];
        for (var distance = 0; distance < count; distance++)
        {
            buckets[distance] = Bucket(-distance);
        }

        var rows = weight.index_select(0, tensor(buckets).to(weight.device)).t().contiguous().DetachFromDisposeScope();
        byDistance?.Rows.Dispose();
        byDistance = (count, rows);
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        masked?.Added.Dispose();
        byDistance?.Rows.Dispose();
        foreach (var matrix in matrices.Values)
        {
            matrix.Dispose();
        }

        (masked, byDistance) = (null, null);
        matrices.Clear();
    }

    /// <summary>The bucket of a key that stands so far behind (or, if negative, before) the query.</summary>
    private int Bucket(int offset)
    {
        var buckets = (int)weight.shape[0];
        var first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            first = offset > 0 ? buckets : 0;
        }

        var distance = bidirectional ? Math.Abs(offset) : Math.Max(-offset, 0);
        var exact = buckets / 2;
        if (distance < exact)
        {
            return first + distance;
        }

        // In float32 and in this order of operations, so that no distance falls into its neighbour's bucket.
        var part = MathF.Log(distance / (float)exact) / (float)Math.Log((double)maximalDistance / exact) * (buckets - exact);
        return first + Math.Min(exact + (int)part, buckets - 1);
    }
}
