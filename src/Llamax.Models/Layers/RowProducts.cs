using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Llamax.Models.Native;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>
/// Products with weights for processors that MKL serves without AVX-512, forward only. Rows of the input meet rows of the
/// weight as both lie in memory, so nothing is packed and few rows cost no more than reading the weight. Each number is
/// summed up in the same order however many rows and threads there are: what a model computes for a text does not depend,
/// to the last bit, on the texts beside it.
/// </summary>
internal static unsafe class RowProducts
{
    private const int Lanes = 16;
    private const int Rows = 6; // With four of the weight: 24 sums, and the operands of a step, in 32 registers.
    private const int Columns = 4;

    /// <summary>Numbers of a row at a time: six rows of the input and four of the weight stay in 48 KiB.</summary>
    private const int Depth = 1024;

    /// <summary>Rows of the input at a time, which stay in half a MiB while the weight goes by.</summary>
    private const int Block = 96;

    /// <summary>Multiplications below which a second thread is not worth its while.</summary>
    private const long Grain = 1 << 17;

    /// <summary>Whether the processor has what the kernels take.</summary>
    public static bool Supported => Avx512F.IsSupported;

    /// <summary>Whether the product of these widths can be computed here.</summary>
    public static bool Applies(Tensor x, Tensor weight, Tensor? bias) =>
        Supported && weight.shape[1] % Lanes == 0 && FusedMemory.Applies(x, weight, bias)
        && x.NumberOfElements / weight.shape[1] * weight.shape[0] < FusedMemory.TooManyNumbers;

    /// <summary><c>x · weightᵀ + bias</c> without a backward pass, of tensors that <see cref="Applies"/>.</summary>
    /// <param name="x"><c>[..., in]</c>.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>, or null.</param>
    /// <returns><c>[..., out]</c>.</returns>
    public static Tensor Multiply(Tensor x, Tensor weight, Tensor? bias)
    {
        var (output, input) = (weight.shape[0], (int)weight.shape[1]);
        var rows = x.NumberOfElements / input;
        var y = empty([.. x.shape[..^1], output], ScalarType.Float32);
        float* px = FusedMemory.Numbers(x), pw = FusedMemory.Numbers(weight), py = FusedMemory.Numbers(y);
        var pb = bias is null ? null : FusedMemory.Numbers(bias);
        var tiles = (output + Columns - 1) / Columns;
        TorchThreads.For(tiles, TorchThreads.Workers(tiles, Grain / Math.Max(1, rows * input * Columns)), (begin, end, _) =>
            Part(px, pw, pb, py, rows, input, output, begin * Columns, Math.Min(end * Columns, output)));
        return y;
    }

    /// <summary>The outputs from <paramref name="begin"/> to <paramref name="end"/> of all rows.</summary>
    private static void Part(float* x, float* w, float* bias, float* y, long rows, int input, long output, long begin, long end)
    {
        var zero = Vector128<float>.Zero;
        for (var block = 0L; block < rows; block += Block)
        {
            var last = Math.Min(rows, block + Block);
            for (var k = 0; k < input; k += Depth)
            {
                var depth = Math.Min(Depth, input - k);
                var n = begin;
                for (; n <= end - Columns; n += Columns)
                {
                    // What the sums are added to; null stands for what is in y already.
                    var start = k > 0 ? null : bias is null ? (float*)&zero : bias + n;
                    var weight = w + (n * input) + k;
                    for (var m = block; m < last;)
                    {
                        float* from = x + (m * input) + k, to = y + (m * output) + n;
                        if (last - m >= Rows)
                        {
                            Six(from, weight, input, depth, to, output, start);
                            m += Rows;
                        }
                        else if (last - m >= 4)
                        {
                            Four(from, weight, input, depth, to, output, start);
                            m += 4;
                        }
                        else
                        {
                            One(from, weight, input, depth, to, output, start);
                            m++;
                        }
                    }
                }

                for (; n < end; n++)
                {
                    for (var m = block; m < last; m++)
                    {
                        ref var to = ref y[(m * output) + n];
                        to = (k > 0 ? to : bias is null ? 0 : bias[n]) + Sum(x + (m * input) + k, w + (n * input) + k, depth);
                    }
                }
            }
        }
    }

    /// <summary>Six rows of the input with four of the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(float* x, float* w, int input, int depth, float* y, long output, float* start)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        Vector512<float> e0 = default, e1 = default, e2 = default, e3 = default;
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var k = 0; k < depth; k += Lanes)
        {
            var (w0, w1, w2, w3) = (Vector512.Load(w + k), Vector512.Load(w + input + k), Vector512.Load(w + (2L * input) + k), Vector512.Load(w + (3L * input) + k));
            var va = Vector512.Load(x + k);
            a0 = Vector512.FusedMultiplyAdd(va, w0, a0);
            a1 = Vector512.FusedMultiplyAdd(va, w1, a1);
            a2 = Vector512.FusedMultiplyAdd(va, w2, a2);
            a3 = Vector512.FusedMultiplyAdd(va, w3, a3);
            var vb = Vector512.Load(x + input + k);
            b0 = Vector512.FusedMultiplyAdd(vb, w0, b0);
            b1 = Vector512.FusedMultiplyAdd(vb, w1, b1);
            b2 = Vector512.FusedMultiplyAdd(vb, w2, b2);
            b3 = Vector512.FusedMultiplyAdd(vb, w3, b3);
            var vc = Vector512.Load(x + (2L * input) + k);
            c0 = Vector512.FusedMultiplyAdd(vc, w0, c0);
            c1 = Vector512.FusedMultiplyAdd(vc, w1, c1);
            c2 = Vector512.FusedMultiplyAdd(vc, w2, c2);
            c3 = Vector512.FusedMultiplyAdd(vc, w3, c3);
            var vd = Vector512.Load(x + (3L * input) + k);
            d0 = Vector512.FusedMultiplyAdd(vd, w0, d0);
            d1 = Vector512.FusedMultiplyAdd(vd, w1, d1);
            d2 = Vector512.FusedMultiplyAdd(vd, w2, d2);
            d3 = Vector512.FusedMultiplyAdd(vd, w3, d3);
            var ve = Vector512.Load(x + (4L * input) + k);
            e0 = Vector512.FusedMultiplyAdd(ve, w0, e0);
            e1 = Vector512.FusedMultiplyAdd(ve, w1, e1);
            e2 = Vector512.FusedMultiplyAdd(ve, w2, e2);
            e3 = Vector512.FusedMultiplyAdd(ve, w3, e3);
            var vf = Vector512.Load(x + (5L * input) + k);
            f0 = Vector512.FusedMultiplyAdd(vf, w0, f0);
            f1 = Vector512.FusedMultiplyAdd(vf, w1, f1);
            f2 = Vector512.FusedMultiplyAdd(vf, w2, f2);
            f3 = Vector512.FusedMultiplyAdd(vf, w3, f3);
        }

        Add(a0, a1, a2, a3, y, start);
        Add(b0, b1, b2, b3, y + output, start);
        Add(c0, c1, c2, c3, y + (2 * output), start);
        Add(d0, d1, d2, d3, y + (3 * output), start);
        Add(e0, e1, e2, e3, y + (4 * output), start);
        Add(f0, f1, f2, f3, y + (5 * output), start);
    }

    /// <summary>Four rows of the input with four of the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* x, float* w, int input, int depth, float* y, long output, float* start)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        for (var k = 0; k < depth; k += Lanes)
        {
            var (w0, w1, w2, w3) = (Vector512.Load(w + k), Vector512.Load(w + input + k), Vector512.Load(w + (2L * input) + k), Vector512.Load(w + (3L * input) + k));
            var va = Vector512.Load(x + k);
            a0 = Vector512.FusedMultiplyAdd(va, w0, a0);
            a1 = Vector512.FusedMultiplyAdd(va, w1, a1);
            a2 = Vector512.FusedMultiplyAdd(va, w2, a2);
            a3 = Vector512.FusedMultiplyAdd(va, w3, a3);
            var vb = Vector512.Load(x + input + k);
            b0 = Vector512.FusedMultiplyAdd(vb, w0, b0);
            b1 = Vector512.FusedMultiplyAdd(vb, w1, b1);
            b2 = Vector512.FusedMultiplyAdd(vb, w2, b2);
            b3 = Vector512.FusedMultiplyAdd(vb, w3, b3);
            var vc = Vector512.Load(x + (2L * input) + k);
            c0 = Vector512.FusedMultiplyAdd(vc, w0, c0);
            c1 = Vector512.FusedMultiplyAdd(vc, w1, c1);
            c2 = Vector512.FusedMultiplyAdd(vc, w2, c2);
            c3 = Vector512.FusedMultiplyAdd(vc, w3, c3);
            var vd = Vector512.Load(x + (3L * input) + k);
            d0 = Vector512.FusedMultiplyAdd(vd, w0, d0);
            d1 = Vector512.FusedMultiplyAdd(vd, w1, d1);
            d2 = Vector512.FusedMultiplyAdd(vd, w2, d2);
            d3 = Vector512.FusedMultiplyAdd(vd, w3, d3);
        }

        Add(a0, a1, a2, a3, y, start);
        Add(b0, b1, b2, b3, y + output, start);
        Add(c0, c1, c2, c3, y + (2 * output), start);
        Add(d0, d1, d2, d3, y + (3 * output), start);
    }

    /// <summary>One row of the input with four of the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* x, float* w, int input, int depth, float* y, long output, float* start)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (var k = 0; k < depth; k += Lanes)
        {
            var (w0, w1, w2, w3) = (Vector512.Load(w + k), Vector512.Load(w + input + k), Vector512.Load(w + (2L * input) + k), Vector512.Load(w + (3L * input) + k));
            var va = Vector512.Load(x + k);
            a0 = Vector512.FusedMultiplyAdd(va, w0, a0);
            a1 = Vector512.FusedMultiplyAdd(va, w1, a1);
            a2 = Vector512.FusedMultiplyAdd(va, w2, a2);
            a3 = Vector512.FusedMultiplyAdd(va, w3, a3);
        }

        Add(a0, a1, a2, a3, y, start);
    }

    private static float Sum(float* x, float* w, int depth)
    {
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < depth; k += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + k), Vector512.Load(w + k), sum);
        }

        var four = Quarter(sum);
        return four[0] + four[1] + (four[2] + four[3]); // In the order of Add.
    }

    private static void Add(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* y, float* start)
    {
        var sums = Sse3.HorizontalAdd(Sse3.HorizontalAdd(Quarter(a), Quarter(b)), Sse3.HorizontalAdd(Quarter(c), Quarter(d)));
        (Vector128.Load(start is null ? y : start) + sums).Store(y);
    }

    private static Vector128<float> Quarter(Vector512<float> sum)
    {
        var half = sum.GetLower() + sum.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}
