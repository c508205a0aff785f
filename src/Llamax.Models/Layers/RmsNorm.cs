using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>Root-mean-square layer norm (Zhang and Sennrich, 2019), computed in float32 whatever the input's type.</summary>
internal static class RmsNorm
{
    /// <summary>Norms <c>[..., hidden]</c> with <paramref name="weight"/> <c>[hidden]</c>.</summary>
    public static Tensor Apply(Tensor x, Tensor weight, double epsilon)
    {
        var wide = x.to_type(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return weight * (wide * scale).to_type(x.dtype);
    }
}
