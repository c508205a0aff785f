using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>An encoder's attention: each position attends to all tokens that are no padding.</summary>
public sealed class PaddedAttention : AttentionContext
{
    private readonly Tensor mask; // [batch, 1, sequence, sequence]

    /// <summary>Prepares the mask, which lives as long as other tensors of the scope that this is made in.</summary>
    /// <param name="attentionMask"><c>[batch, sequence]</c>: zero where padding is; at least one token in each row.</param>
    public PaddedAttention(Tensor attentionMask)
    {
        ArgumentNullException.ThrowIfNull(attentionMask);
        mask = attentionMask.to_type(ScalarType.Bool).unsqueeze(1).unsqueeze(1).expand(-1, 1, attentionMask.shape[1], -1);
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        return F.scaled_dot_product_attention(q, Repeat(q.shape[1], k), Repeat(q.shape[1], v), attn_mask: Biased(mask, bias, q.dtype));
    }
}
