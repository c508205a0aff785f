using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// Who attends to whom. The model computes queries, keys and values and asks its context for the mixture; masks, caches
/// and beams live in contexts, so that the model need not know of them.
/// </summary>
public abstract class AttentionContext
{
    /// <summary>Mixes the values by the attention of the queries to the keys, scaled by head_dim^-0.5.</summary>
    /// <param name="layer">The layer's number, from 0.</param>
    /// <param name="q"><c>[batch, heads, sequence, head_dim]</c>, rotated.</param>
    /// <param name="k"><c>[batch, kv_heads, sequence, head_dim]</c>, rotated.</param>
    /// <param name="v"><c>[batch, kv_heads, sequence, head_dim]</c>.</param>
    /// <param name="bias">What the distance of key and query adds to the scores; null where nothing.</param>
    /// <returns><c>[batch, heads, sequence, head_dim]</c>.</returns>
    public abstract Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null);

    /// <summary>Mixes the values of an encoder's states, which the context knows, by the attention of the queries to them.</summary>
    /// <param name="layer">The decoder layer's number, from 0.</param>
    /// <param name="q"><c>[batch, heads, sequence, head_dim]</c>.</param>
    /// <returns><c>[batch, heads, sequence, head_dim]</c>.</returns>
    /// <exception cref="InvalidOperationException">The context knows of no encoder.</exception>
    public virtual Tensor AttendAcross(int layer, Tensor q) =>
        throw new InvalidOperationException($"{GetType().Name} knows of no encoder to attend to.");

    /// <summary>A mask with what distances add: 0 or −∞ where there is no bias.</summary>
    /// <param name="mask">True where a query sees a key, <c>[batch|1, 1, queries, keys]</c>.</param>
    /// <param name="bias">What is added; may be null.</param>
    /// <param name="type">Number type of the queries.</param>
    /// <returns><paramref name="mask"/> where <paramref name="bias"/> is null, or <c>[batch|1, heads, queries, keys]</c>.</returns>
    protected internal static Tensor Biased(Tensor mask, DistanceBias? bias, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return bias is null ? mask : bias.Masked(mask, type);
    }

    /// <summary>Repeats each key or value head for the queries that share it.</summary>
    /// <param name="heads">Number of query heads.</param>
    /// <param name="x"><c>[batch, kv_heads, sequence, head_dim]</c>.</param>
    /// <returns><c>[batch, heads, sequence, head_dim]</c>.</returns>
    protected internal static Tensor Repeat(long heads, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var groups = heads / x.shape[1];
        return groups == 1 ? x : x.unsqueeze(2).expand(x.shape[0], x.shape[1], groups, x.shape[2], x.shape[3]).flatten(1, 2);
    }
}
