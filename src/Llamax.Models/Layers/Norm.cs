using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Layers;

/// <summary>A norm of the residual stream.</summary>
internal sealed class Norm : nn.Module
{
    private readonly double epsilon;
    private readonly NormKind kind;
    private readonly FusedMemory memory;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public Norm(StackConfig config, FusedMemory memory, ScalarType type, Device device)
        : base("norm")
    {
        (epsilon, kind, this.memory) = (config.NormEpsilon, config.Norm, memory);
        weight = new Parameter(empty([config.HiddenSize], type, device));
        register_parameter("weight", weight);
        if (config.NormBias)
        {
            bias = new Parameter(empty([config.HiddenSize], type, device));
            register_parameter("bias", bias);
        }
    }

    /// <summary>Adds to the stream, and norms the sum.</summary>
    /// <param name="x"><c>[batch, sequence, hidden]</c>, the residual stream.</param>
    /// <param name="added">What is added to it, or null.</param>
    /// <param name="last">Whether nothing more is added to the stream, so that its sum is of no use.</param>
    public (Tensor Sum, Tensor Norm) Apply(Tensor x, Tensor? added, bool last = false)
    {
        if (kind == NormKind.RootMeanSquare)
        {
            return ResidualNorm.Apply(x, added, weight, epsilon, memory, last);
        }

        var sum = added is null ? x : x + added;
        return (sum, F.layer_norm(sum, [sum.shape[^1]], weight, bias, epsilon));
    }

    /// <summary>Weight and bias under that name.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights(string name)
    {
        yield return ($"{name}.weight", weight);
        if (bias is not null)
        {
            yield return ($"{name}.bias", bias);
        }
    }
}
