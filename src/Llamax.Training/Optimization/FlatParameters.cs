using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Training.Optimization;

/// <summary>
/// All parameters of a model in one float32 tensor, and their gradients in another: the optimizer then makes one pass
/// over memory instead of ten small kernels per parameter. Float32 parameters become views of the flat tensor, and autograd
/// adds to views of the flat gradient. Parameters of a shorter type keep their own memory; the flat tensor holds their
/// float32 masters, and their gradients are added in float32 after each micro-batch.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>Numbers to which offsets and length are rounded up: one cache line, one AVX-512 register.</summary>
    public const int Alignment = 16;

    /// <summary>Moves the parameters into flat memory.</summary>
    /// <param name="parameters">Names and parameters, all on one device.</param>
    /// <param name="decayAll">Whether parameters with one dimension decay too.</param>
    public FlatParameters(IEnumerable<(string Name, Parameter Parameter)> parameters, bool decayAll)
    {
        var ordered = parameters.OrderBy(item => decayAll || item.Parameter.dim() > 1 ? 0 : 1).ToList();
        var device = ordered[0].Parameter.device;
        var segments = new List<ParameterSegment>();
        var length = 0L;
        foreach (var (name, parameter) in ordered)
        {
            segments.Add(new ParameterSegment(name, parameter, length, parameter.NumberOfElements));
            length = (length + parameter.NumberOfElements + Alignment - 1) / Alignment * Alignment;
            DecayedLength = decayAll || parameter.dim() > 1 ? length : DecayedLength;
        }

        Segments = segments;
        Length = length;
        Values = zeros(length, float32, device).DetachFromDisposeScope();
        Gradients = zeros(length, float32, device).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var segment in segments)
        {
            var master = View(Values, segment);
            master.copy_(segment.Parameter);
            if (segment.Parameter.dtype == ScalarType.Float32)
            {
                segment.Parameter.set_(master);
                segment.Parameter.grad = View(Gradients, segment);
            }
        }
    }

    /// <summary>The parameters; those that decay come first.</summary>
    public IReadOnlyList<ParameterSegment> Segments { get; }

    /// <summary>Numbers in the flat tensors, padding included; the padding stays zero.</summary>
    public long Length { get; }

    /// <summary>The numbers before this index decay.</summary>
    public long DecayedLength { get; }

    /// <summary>Parameters or their masters, float32, <c>[Length]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Gradients of the step so far, float32, <c>[Length]</c>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The part of a flat tensor that belongs to a parameter, in the parameter's shape.</summary>
    public static Tensor View(Tensor flat, ParameterSegment segment)
    {
        using var part = flat.narrow(0, segment.Offset, segment.Length);
        return part.view(segment.Parameter.shape);
    }

    /// <summary>The segment of a parameter.</summary>
    public ParameterSegment Find(Tensor parameter) =>
        Segments.First(segment => ReferenceEquals(segment.Parameter, parameter) || segment.Parameter.Handle == parameter.Handle);

    /// <summary>Adds the gradients of the parameters of a shorter type to the flat ones, and clears them.</summary>
    public void CollectGradients()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var segment in Segments.Where(segment => segment.Parameter.dtype != ScalarType.Float32))
        {
            if (segment.Parameter.grad is { } gradient)
            {
                View(Gradients, segment).add_(gradient);
                segment.Parameter.grad = null;
            }
        }
    }

    /// <summary>Rounds the masters into the parameters of a shorter type.</summary>
    public void PublishValues()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var segment in Segments.Where(segment => segment.Parameter.dtype != ScalarType.Float32))
        {
            segment.Parameter.copy_(View(Values, segment));
        }
    }

    /// <summary>Frees the gradients; the parameters keep their values.</summary>
    public void Dispose()
    {
        foreach (var segment in Segments)
        {
            segment.Parameter.grad = null;
        }

        Values.Dispose();
        Gradients.Dispose();
    }
}
