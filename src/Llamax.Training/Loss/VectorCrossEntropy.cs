using System.Runtime.Intrinsics;
using Llamax.Training.Optimization;
using static TorchSharp.torch;

namespace Llamax.Training.Loss;

/// <summary>Softmax and its gradient on the CPU, row by row, each row staying in the nearest cache.</summary>
internal static unsafe class VectorCrossEntropy
{
    private static readonly int Width = Vector512<float>.Count;

    /// <summary>Replaces logits by <c>scale · (softmax − one at the label)</c>.</summary>
    /// <param name="logits">Contiguous float32 <c>[rows, vocabulary]</c> on the CPU.</param>
    /// <param name="labels">The right id of each row.</param>
    /// <param name="scale">What the gradient is multiplied with.</param>
    /// <returns>Sum of the rows' losses in nats, not scaled.</returns>
    public static double ToGradient(Tensor logits, ReadOnlySpan<long> labels, float scale)
    {
        var start = VectorKernels.Pointer(logits);
        var vocabulary = (int)logits.shape[1];
        var losses = new double[labels.Length];
        var own = labels.ToArray();
        Parallel.For(0, own.Length, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
            row => losses[row] = Row(start + ((long)row * vocabulary), vocabulary, own[row], scale));
        return losses.Sum();
    }

    private static double Row(float* row, int length, long label, float scale)
    {
        var whole = length - (length % Width);
        var highest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < whole; i += Width)
        {
            highest = Vector512.MaxNative(highest, Vector512.Load(row + i));
        }

        var max = float.NegativeInfinity;
        for (var lane = 0; lane < Width; lane++)
        {
            max = MathF.Max(max, highest[lane]);
        }

        for (var i = whole; i < length; i++)
        {
            max = MathF.Max(max, row[i]);
        }

        var labelLogit = row[label];
        var shift = Vector512.Create(max);
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < whole; i += Width)
        {
            var value = Exp(Vector512.Load(row + i) - shift);
            sums += value;
            Vector512.Store(value, row + i);
        }

        var sum = (double)Vector512.Sum(sums);
        for (var i = whole; i < length; i++)
        {
            row[i] = MathF.Exp(row[i] - max);
            sum += row[i];
        }

        var factor = (float)(scale / sum);
        for (var i = 0; i < whole; i += Width)
        {
            Vector512.Store(Vector512.Load(row + i) * factor, row + i);
        }

        for (var i = whole; i < length; i++)
        {
            row[i] *= factor;
        }

        row[label] -= scale;
        return Math.Log(sum) + max - labelLogit;
    }

    /// <summary>
    /// e^x for x ≤ 0 within 2 units in the last place: x = k ln 2 + r with |r| ≤ ln 2 / 2, Taylor's series for e^r, and k
    /// added to the exponent. Below −87 the result is the smallest normal number instead of a subnormal one.
    /// </summary>
    private static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-87f), x); // In this order a NaN stays one.
        var k = Vector512.Round(x * 1.44269504f);
        // ln 2 in two parts, the first with so few digits that k times it is exact (Cody and Waite, 1980).
        var r = x - (k * 0.693359375f) - (k * -2.12194440e-4f);
        var series = Vector512.Create(1f / 5040);
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 720));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 120));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 24));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 6));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 2));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512<float>.One);
        series = Vector512.FusedMultiplyAdd(series, r, Vector512<float>.One);
        var power = (Vector512.ConvertToInt32(k) + Vector512.Create(127)) << 23;
        return series * power.AsSingle();
    }
}
