using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>How prompts are read: each token attends to the common prefix and to what stands before it in its own prompt.</summary>
internal sealed class PromptAttention(int layers) : IDisposable
{
    private readonly CausalAttention causal = new();
    private readonly (Tensor Keys, Tensor Values)?[] prefix = new (Tensor, Tensor)?[layers];
    private Tensor? mask; // [1, 1, longest, prefix + longest]

    /// <summary>Tokens of the common prefix.</summary>
    public int PrefixLength => prefix[0] is { } first ? (int)first.Keys.shape[2] : 0;

    /// <summary>Keys and values of the prefix, <c>[1, kv_heads, prefix, head_dim]</c>; null where there is none.</summary>
    public (Tensor Keys, Tensor Values)? Prefix(int layer) => prefix[layer];

    /// <summary>Reads and keeps the prefix.</summary>
    public Tensor ReadPrefix(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        prefix[layer] = (k.clone().DetachFromDisposeScope(), v.clone().DetachFromDisposeScope());
        return causal.Attend(layer, q, k, v, bias);
    }

    /// <summary>Reads prompts that stand one after the other, <c>[1, heads, total length, head_dim]</c>.</summary>
    public Tensor Read(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias, ReadOnlySpan<int> lengths)
    {
        using var scope = NewDisposeScope();
        var mixed = empty_like(q);
        var start = 0;
        foreach (var length in lengths)
        {
            var (query, keys, values) = (q.narrow(2, start, length), k.narrow(2, start, length), v.narrow(2, start, length));
            mixed.narrow(2, start, length).copy_(ReadOne(layer, query, keys, values, bias));
            start += length;
        }

        return mixed.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mask?.Dispose();
        foreach (var pair in prefix)
        {
            pair?.Keys.Dispose();
            pair?.Values.Dispose();
        }
    }

    private Tensor ReadOne(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        if (prefix[layer] is not { } before)
        {
            return causal.Attend(layer, q, k, v, bias);
        }

        var (keys, values) = (cat([before.Keys, k], 2), cat([before.Values, v], 2));
        var visible = Mask((int)q.shape[2], q.device);
        return F.scaled_dot_product_attention(
            q, AttentionContext.Repeat(q.shape[1], keys), AttentionContext.Repeat(q.shape[1], values),
            attn_mask: AttentionContext.Biased(visible, bias, q.dtype));
    }

    private Tensor Mask(int length, Device device)
    {
        if (mask is null || mask.shape[2] < length)
        {
            mask?.Dispose();
            mask = ones([1, 1, length, PrefixLength + length], ScalarType.Bool, device).tril(PrefixLength).DetachFromDisposeScope();
        }

        return mask.narrow(2, 0, length).narrow(3, 0, PrefixLength + length);
    }
}
