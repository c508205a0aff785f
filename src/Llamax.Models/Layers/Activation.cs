using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Layers;

/// <summary>What stands between the two halves of a feed-forward part.</summary>
internal static class Activation
{
    /// <summary>Activates, and gates where the kind does.</summary>
    /// <param name="kind">Which function.</param>
    /// <param name="x"><c>[..., inner]</c>, or <c>[..., 2 · inner]</c> of gate and up.</param>
    /// <param name="memory">Of the model.</param>
    /// <returns><c>[..., inner]</c>.</returns>
    public static Tensor Apply(ActivationKind kind, Tensor x, FusedMemory memory)
    {
        switch (kind)
        {
            case ActivationKind.GatedSilu:
                return SwiGlu.Apply(x, memory);
            case ActivationKind.GatedGeluTanh:
                var halves = x.chunk(2, -1);
                return GeluTanh(halves[0]) * halves[1];
            case ActivationKind.Gelu:
                return F.gelu(x);
            case ActivationKind.GeluTanh:
                return GeluTanh(x);
            default:
                return F.relu(x);
        }
    }

    /// <summary>Hendrycks and Gimpel's approximation (2016), which GPT-2 and T5 1.1 were trained with.</summary>
    private static Tensor GeluTanh(Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))).tanh());
}
