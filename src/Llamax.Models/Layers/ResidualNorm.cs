using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>
/// Adds what a layer's part computed to the residual stream, and norms the sum by its root mean square (Zhang and
/// Sennrich, 2019), in float32 whatever the type.
/// </summary>
internal static class ResidualNorm
{
    /// <summary>The new residual stream and its norm.</summary>
    /// <param name="x"><c>[batch, sequence, hidden]</c>, the residual stream.</param>
    /// <param name="added">What is added to it, or null.</param>
    /// <param name="weight"><c>[hidden]</c>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="memory">Of the model.</param>
    /// <param name="last">Whether nothing more is added to the stream, so that its sum is of no use.</param>
    public static (Tensor Sum, Tensor Norm) Apply(
        Tensor x, Tensor? added, Tensor weight, double epsilon, FusedMemory memory, bool last = false) =>
        !FusedMemory.Applies(x, added, weight) ? Reference(x, added, weight, epsilon)
        : FusedMemory.Records(x, added, weight) ? FusedResidualNorm.Recorded(x, added, weight, epsilon, memory, last)
        : FusedResidualNorm.Compute(x, added, weight, epsilon, null);

    /// <summary>The same from torch's own operations, for every device and type.</summary>
    public static (Tensor Sum, Tensor Norm) Reference(Tensor x, Tensor? added, Tensor weight, double epsilon)
    {
        var sum = added is null ? x : x + added;
        var wide = sum.to_type(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (sum, weight * (wide * scale).to_type(x.dtype));
    }
}
