using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>A decoder's attention over a whole text: among its own tokens as another context says, and to an encoder's states.</summary>
/// <param name="own">Who attends to whom among the decoder's tokens.</param>
/// <param name="source">Keys and values of the encoder's states, of <see cref="CausalLanguageModel.CrossKeyValues"/>.</param>
/// <param name="sourceMask"><c>[batch, source]</c>: zero where the source's padding is.</param>
public sealed class EncoderDecoderAttention(
    AttentionContext own, IReadOnlyList<(Tensor Keys, Tensor Values)> source, Tensor sourceMask) : AttentionContext
{
    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null) => own.Attend(layer, q, k, v, bias);

    /// <inheritdoc/>
    public override Tensor AttendAcross(int layer, Tensor q)
    {
        ArgumentNullException.ThrowIfNull(q);
        var (keys, values) = source[layer];
        return F.scaled_dot_product_attention(
            q, Repeat(q.shape[1], keys), Repeat(q.shape[1], values), attn_mask: sourceMask.to_type(ScalarType.Bool).unsqueeze(1).unsqueeze(1));
    }
}
