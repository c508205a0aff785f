using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Each position attends to itself and what stands before it. Right padding needs no mask: nothing real sees it.</summary>
public sealed class CausalAttention : AttentionContext
{
    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        var (keys, values) = (Repeat(q.shape[1], k), Repeat(q.shape[1], v));
        if (bias is null)
        {
            return F.scaled_dot_product_attention(q, keys, values, is_casual: true);
        }

        var causal = ones([1, 1, q.shape[2], q.shape[2]], ScalarType.Bool, q.device).tril();
        return F.scaled_dot_product_attention(q, keys, values, attn_mask: Biased(causal, bias, q.dtype));
    }
}
