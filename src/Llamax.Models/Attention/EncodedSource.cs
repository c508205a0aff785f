using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>What a decoder attends to of one source text: keys and values of an encoder's states, for each of the decoder's layers.</summary>
/// <param name="Keys">One per layer, <c>[kv_heads, source, head_dim]</c>.</param>
/// <param name="Values">One per layer, <c>[kv_heads, source, head_dim]</c>.</param>
public sealed record EncodedSource(IReadOnlyList<Tensor> Keys, IReadOnlyList<Tensor> Values) : IDisposable
{
    /// <summary>Tokens of the source text.</summary>
    public int Length => (int)Keys[0].shape[1];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Keys.Concat(Values))
        {
            tensor.Dispose();
        }
    }
}
