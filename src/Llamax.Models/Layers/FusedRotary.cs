using System.Numerics;
using Llamax.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>
/// Splits, rotates and lays out queries, keys and values for attention in one pass over memory; backward is the same
/// pass in the other direction with the rotation turned back.
/// </summary>
internal sealed unsafe class FusedRotary : autograd.MultiTensorFunction<FusedRotary>
{
    private const long Grain = 1 << 14;

    public override string Name => nameof(FusedRotary);

    /// <summary>Without a backward pass.</summary>
    public static List<Tensor> Compute(Tensor all, Tensor cos, Tensor sin, int heads, int shared)
    {
        var (batch, sequence, size) = (all.shape[0], all.shape[1], all.shape[3]);
        List<Tensor> parts =
        [
            empty(batch, heads, sequence, size), empty(batch, shared, sequence, size), empty(batch, shared, sequence, size),
        ];
        Move(all, parts, cos, sin, forward: true);
        return parts;
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (all, cos, sin, heads, shared) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (int)vars[3], (int)vars[4]);
        ctx.save_data("state", new State(FusedMemory.Keep(cos), FusedMemory.Keep(sin), (FusedMemory)vars[5]));
        return Compute(all, cos, sin, heads, shared);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var state = (State)ctx.get_data("state");
        var parts = grad_outputs.Select(given => given.contiguous()).ToList();
        var (query, shared) = (parts[0].shape, parts[1].shape[1]);
        var gradient = empty(query[0], query[2], query[1] + (2 * shared), query[3]);
        Move(gradient, parts, state.Cos, state.Sin, forward: false);
        foreach (var tensor in parts.Concat(grad_outputs))
        {
            tensor.Dispose();
        }

        return state.Memory.Return(gradient, null, null, null, null, null);
    }

    private static void Move(Tensor all, List<Tensor> parts, Tensor cos, Tensor sin, bool forward)
    {
        var (batch, sequence, total, size) = (all.shape[0], all.shape[1], all.shape[2], (int)all.shape[3]);
        var (heads, shared) = (parts[0].shape[1], parts[1].shape[1]);
        float* pall = FusedMemory.Numbers(all), pcos = FusedMemory.Numbers(cos), psin = FusedMemory.Numbers(sin);
        float* pq = FusedMemory.Numbers(parts[0]), pk = FusedMemory.Numbers(parts[1]), pv = FusedMemory.Numbers(parts[2]);
        var sameAngles = cos.shape[0] == 1;
        var rows = batch * sequence;
        TorchThreads.For(rows, TorchThreads.Workers(rows, Grain / (total * size)), (begin, end, _) =>
        {
            for (var row = begin; row < end; row++)
            {
                var (item, position) = Math.DivRem(row, sequence);
                var angle = (sameAngles ? position : row) * (size / 2);
                for (var head = 0L; head < total; head++)
                {
                    var packed = pall + (((row * total) + head) * size);
                    var (target, at, count) = head < heads ? ((IntPtr)pq, head, heads)
                        : head < heads + shared ? ((IntPtr)pk, head - heads, shared)
                        : ((IntPtr)pv, head - heads - shared, shared);
                    var laid = (float*)target + (((((item * count) + at) * sequence) + position) * size);
                    if (head >= heads + shared)
                    {
                        new Span<float>(forward ? packed : laid, size).CopyTo(new Span<float>(forward ? laid : packed, size));
                    }
                    else if (forward)
                    {
                        Rotate(packed, laid, pcos + angle, psin + angle, 1, size / 2);
                    }
                    else
                    {
                        Rotate(laid, packed, pcos + angle, psin + angle, -1, size / 2);
                    }
                }
            }
        });
    }

    private static void Rotate(float* x, float* y, float* cos, float* sin, float direction, int half)
    {
        var i = 0;
        for (; i <= half - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (first, second) = (Vector.Load(x + i), Vector.Load(x + half + i));
            var (c, s) = (Vector.Load(cos + i), Vector.Load(sin + i) * direction);
            ((first * c) - (second * s)).Store(y + i);
            ((second * c) + (first * s)).Store(y + half + i);
        }

        for (; i < half; i++)
        {
            var (first, second, s) = (x[i], x[half + i], sin[i] * direction);
            y[i] = (first * cos[i]) - (second * s);
            y[half + i] = (second * cos[i]) + (first * s);
        }
    }

    private sealed record State(Tensor Cos, Tensor Sin, FusedMemory Memory) : IDisposable
    {
        public void Dispose()
        {
            Cos.Dispose();
            Sin.Dispose();
        }
    }
}
