using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Layers;

/// <summary>The gate of the feed-forward part (Shazeer, 2020): silu(gate) · up.</summary>
internal static class SwiGlu
{
    /// <summary>Gates.</summary>
    /// <param name="x"><c>[..., 2 · inner]</c>: gate, then up.</param>
    /// <param name="memory">Of the model.</param>
    /// <returns><c>[..., inner]</c>.</returns>
    public static Tensor Apply(Tensor x, FusedMemory memory) =>
        !FusedMemory.Applies(x) ? Reference(x)
        : FusedMemory.Records(x) ? FusedSwiGlu.apply(x, memory)
        : FusedSwiGlu.Compute(x);

    /// <summary>The same from torch's own operations, for every device and type.</summary>
    public static Tensor Reference(Tensor x)
    {
        var halves = x.chunk(2, -1);
        return F.silu(halves[0]) * halves[1];
    }
}
