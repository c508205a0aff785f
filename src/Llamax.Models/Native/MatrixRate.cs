using System.Diagnostics;
using Llamax.Models.Layers;
using TorchSharp;

namespace Llamax.Models.Native;

/// <summary>How fast this machine multiplies matrices: what a training step is measured against.</summary>
public static class MatrixRate
{
    private const int Size = 1024;
    private const int Images = 16;

    /// <summary>
    /// Multiplies float32 matrices of 1024 × 1024 for about half a second with torch's threads, in turn as libtorch does by
    /// itself and as training does (<see cref="Projection"/>).
    /// </summary>
    /// <returns>The best rate seen, in GFLOP/s (10⁹ additions and multiplications per second).</returns>
    /// <exception cref="LlamaxException">libtorch cannot be loaded.</exception>
    public static double Measure()
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var x = torch.ones(Images, Size / Images, Size);
        var rows = x.view(Size, Size);
        var weight = torch.ones(Size, Size).requires_grad_();
        var plain = weight.detach();
        var best = double.MaxValue;
        var start = Stopwatch.GetTimestamp();
        do
        {
            // The best of short stretches: other programs' turns on the cores are not the machine's rate.
            best = Math.Min(best, Math.Min(Seconds(() => torch.mm(rows, plain)), Seconds(() => Projection.Apply(x, weight))));
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5);
        return 2.0 * Size * Size * Size / best / 1e9;
    }

    private static double Seconds(Func<torch.Tensor> product)
    {
        var begin = Stopwatch.GetTimestamp();
        product().Dispose();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
