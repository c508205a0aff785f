using static TorchSharp.torch;

namespace Llamax.Training.Optimization;

/// <summary>The optimizer in tensor operations: what runs on an accelerator, and what the vector kernels are compared with.</summary>
internal static class TensorKernels
{
    /// <summary>Numbers treated at once: bounds the temporary memory.</summary>
    private const long Slice = 1 << 26;

    /// <summary>The Euclidean norm of a flat tensor.</summary>
    public static double Norm(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return Math.Sqrt(Slices(gradients.NumberOfElements)
            .Select(slice => gradients.narrow(0, slice.Start, slice.Length))
            .Sum(part => Math.Pow(part.norm().to(float64).item<double>(), 2)));
    }

    /// <summary>Updates values and moments in place and sets the gradients to zero; all flat and of one length.</summary>
    public static void Update(Tensor values, Tensor gradients, Tensor moments, Tensor squares, AdamWFactors factors)
    {
        using var grad = no_grad();
        foreach (var (start, length) in Slices(values.NumberOfElements))
        {
            using var scope = NewDisposeScope();
            var (p, g) = (values.narrow(0, start, length), gradients.narrow(0, start, length));
            var (m, v) = (moments.narrow(0, start, length), squares.narrow(0, start, length));
            g.mul_(factors.GradientScale);
            m.mul_(1 - factors.MomentWeight).add_(g, alpha: factors.MomentWeight);
            v.mul_(factors.SquareKeep).addcmul_(g, g, factors.SquareWeight);
            p.mul_(factors.Keep).addcdiv_(m, v.sqrt().mul_(factors.InverseRoot).add_(factors.Epsilon), -factors.StepSize);
            g.zero_();
        }
    }

    private static IEnumerable<(long Start, long Length)> Slices(long length)
    {
        for (var start = 0L; start < length; start += Slice)
        {
            yield return (start, Math.Min(Slice, length - start));
        }
    }
}
