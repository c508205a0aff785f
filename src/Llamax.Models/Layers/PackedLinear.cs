using Llamax.Models.Families;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>A product with a weight, which may be that of several products of one input side by side.</summary>
internal sealed class PackedLinear : nn.Module
{
    private readonly int[] parts;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <param name="input">Width of the input.</param>
    /// <param name="parts">Widths of the outputs.</param>
    /// <param name="withBias">Whether each has a bias.</param>
    /// <param name="type">Number type.</param>
    /// <param name="device">Where the numbers live.</param>
    public PackedLinear(int input, int[] parts, bool withBias, ScalarType type, Device device)
        : base("linear")
    {
        this.parts = parts;
        weight = new Parameter(empty([parts.Sum(), input], type, device));
        register_parameter("weight", weight);
        if (withBias)
        {
            bias = new Parameter(empty([parts.Sum()], type, device));
            register_parameter("bias", bias);
        }
    }

    /// <summary>The product of <c>[batch, sequence, in]</c>: <c>[batch, sequence, sum of parts]</c>.</summary>
    public Tensor Apply(Tensor x) => Projection.Apply(x, weight, bias);

    /// <summary>Weights, then biases, as a family stores them: each part by its name, or all under one name.</summary>
    /// <param name="prefix">What stands before the names.</param>
    /// <param name="names">One name per part, or one for all.</param>
    /// <param name="transposed">Whether weights are stored as <c>[in, out]</c>.</param>
    public IEnumerable<(string Name, Tensor Value)> Weights(string prefix, IReadOnlyList<string> names, bool transposed)
    {
        foreach (var (suffix, all) in new[] { ("weight", weight), ("bias", bias) })
        {
            for (int i = 0, at = 0; all is not null && i < names.Count; at += parts[i++])
            {
                var part = names.Count == 1 ? all : all.narrow(0, at, parts[i]);
                yield return ($"{prefix}{names[i]}.{suffix}", transposed && all.dim() == 2 ? part.t() : part);
            }
        }
    }
}
