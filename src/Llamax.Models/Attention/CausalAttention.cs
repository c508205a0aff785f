using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Each position attends to itself and what stands before it. Right padding needs no mask: nothing real sees it.</summary>
public sealed class CausalAttention : AttentionContext
{
    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v) =>
        F.scaled_dot_product_attention(q, Repeat(q.shape[1], k), Repeat(q.shape[1], v), is_casual: true);
}
