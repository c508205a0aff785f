using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training.Optimization;

/// <summary>
/// The optimizer on the CPU: one pass over values, gradients and both moments. The work is cut into blocks of a fixed
/// size, so that the result does not depend on the number of threads. Lengths are multiples of
/// <see cref="FlatParameters.Alignment"/>.
/// </summary>
internal static unsafe class VectorKernels
{
    private const int Block = 1 << 15;

    /// <summary>The Euclidean norm of a flat tensor.</summary>
    public static double Norm(Tensor gradients)
    {
        var start = Pointer(gradients);
        var sums = new double[Blocks(gradients.NumberOfElements)];
        ForEachBlock(gradients.NumberOfElements, (block, offset, length) => sums[block] = SumOfSquares(start + offset, length));
        return Math.Sqrt(sums.Sum());
    }

    /// <summary>Updates values and moments in place and sets the gradients to zero; all flat and of one length.</summary>
    public static void Update(Tensor values, Tensor gradients, Tensor moments, Tensor squares, AdamWFactors factors)
    {
        float* p = Pointer(values), g = Pointer(gradients), m = Pointer(moments), v = Pointer(squares);
        ForEachBlock(values.NumberOfElements,
            (_, offset, length) => Update(p + offset, g + offset, m + offset, v + offset, length, factors));
    }

    /// <summary>The memory of a contiguous float32 tensor on the CPU; the tensor must outlive its use.</summary>
    public static float* Pointer(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
        {
            return null;
        }

        // `bytes` is a span and ends at 2 GiB, so only the first number's is taken.
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    private static double SumOfSquares(float* x, int length)
    {
        // Float lanes are emptied into a double often enough that no digit of the norm is lost.
        var total = 0.0;
        for (var start = 0; start < length; start += 1024)
        {
            var end = Math.Min(start + 1024, length);
            var sum = Vector512<float>.Zero;
            for (var i = start; i < end; i += Vector512<float>.Count)
            {
                var value = Vector512.Load(x + i);
                sum += value * value;
            }

            total += Vector512.Sum(sum);
        }

        return total;
    }

    private static void Update(float* p, float* g, float* m, float* v, int length, AdamWFactors factors)
    {
        var scale = Vector512.Create(factors.GradientScale);
        var momentWeight = Vector512.Create(factors.MomentWeight);
        var squareKeep = Vector512.Create(factors.SquareKeep);
        var squareWeight = Vector512.Create(factors.SquareWeight);
        var inverseRoot = Vector512.Create(factors.InverseRoot);
        var epsilon = Vector512.Create(factors.Epsilon);
        var stepSize = Vector512.Create(factors.StepSize);
        var keep = Vector512.Create(factors.Keep);
        for (var i = 0; i < length; i += Vector512<float>.Count)
        {
            var gradient = Vector512.Load(g + i) * scale;
            var moment = Vector512.Load(m + i);
            moment += momentWeight * (gradient - moment);
            var square = (squareKeep * Vector512.Load(v + i)) + (squareWeight * gradient * gradient);
            var step = stepSize * moment / ((inverseRoot * Vector512.Sqrt(square)) + epsilon);
            Vector512.Store((keep * Vector512.Load(p + i)) - step, p + i);
            Vector512.Store(moment, m + i);
            Vector512.Store(square, v + i);
            Vector512.Store(Vector512<float>.Zero, g + i);
        }
    }

    private static int Blocks(long length) => (int)((length + Block - 1) / Block);

    private static void ForEachBlock(long length, Action<int, long, int> work) =>
        Parallel.For(0, Blocks(length), new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, block =>
        {
            var offset = (long)block * Block;
            work(block, offset, (int)Math.Min(Block, length - offset));
        });
}
