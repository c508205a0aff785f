using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Causal attention within blocks: each position attends to itself and what stands before it in its own block.</summary>
public sealed class BlockAttention : AttentionContext, IDisposable
{
    private readonly Tensor mask;

    /// <summary>Prepares the mask.</summary>
    /// <param name="blocks"><c>[batch, sequence]</c>: positions with the same number are one block.</param>
    public BlockAttention(Tensor blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        using var scope = NewDisposeScope();
        var length = blocks.shape[1];
        var causal = ones([length, length], ScalarType.Bool, blocks.device).tril();
        mask = (blocks.unsqueeze(2).eq(blocks.unsqueeze(1)) & causal).unsqueeze(1).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null) =>
        F.scaled_dot_product_attention(q, Repeat(q.shape[1], k), Repeat(q.shape[1], v), attn_mask: Biased(mask, bias, q.dtype));

    /// <inheritdoc/>
    public void Dispose() => mask.Dispose();
}
