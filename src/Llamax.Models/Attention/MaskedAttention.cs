using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Causal attention that leaves out padding, wherever it stands.</summary>
public sealed class MaskedAttention : AttentionContext, IDisposable
{
    private readonly Tensor mask;

    /// <summary>Prepares the mask.</summary>
    /// <param name="attentionMask"><c>[batch, sequence]</c>: not zero where a token is, zero where padding is.</param>
    public MaskedAttention(Tensor attentionMask)
    {
        ArgumentNullException.ThrowIfNull(attentionMask);
        using var scope = NewDisposeScope();
        var length = attentionMask.shape[1];
        var causal = ones([length, length], ScalarType.Bool, attentionMask.device).tril();

        // Padding attends to itself: a row that attends to nothing would be NaN, and NaN spreads through the values.
        var self = eye(length, length, ScalarType.Bool, attentionMask.device);
        mask = (attentionMask.to_type(ScalarType.Bool).unsqueeze(1) & causal | self).unsqueeze(1).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null) =>
        F.scaled_dot_product_attention(q, Repeat(q.shape[1], k), Repeat(q.shape[1], v), attn_mask: Biased(mask, bias, q.dtype));

    /// <inheritdoc/>
    public void Dispose() => mask.Dispose();
}
