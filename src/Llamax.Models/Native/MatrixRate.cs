using System.Diagnostics;
using TorchSharp;

namespace Llamax.Models.Native;

/// <summary>How fast this machine multiplies matrices: what a training step is measured against.</summary>
public static class MatrixRate
{
    private const int Size = 1024;

    /// <summary>
    /// Multiplies float32 matrices of 1024 × 1024 for about half a second with torch's threads.
    /// </summary>
    /// <returns>The best rate seen, in GFLOP/s (10⁹ additions and multiplications per second).</returns>
    /// <exception cref="LlamaxException">libtorch cannot be loaded.</exception>
    public static double Measure()
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var grad = torch.no_grad();
        var (a, b) = (torch.ones(Size, Size), torch.ones(Size, Size));
        var best = double.MaxValue;
        var start = Stopwatch.GetTimestamp();
        do
        {
            // The best of short stretches: other programs' turns on the cores are not the machine's rate.
            var begin = Stopwatch.GetTimestamp();
            torch.mm(a, b).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5);
        return 2.0 * Size * Size * Size / best / 1e9;
    }
}
