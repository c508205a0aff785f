using System.Numerics;
using Llamax.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary><see cref="SwiGlu"/> in one pass over memory forward and one backward, which computes the gate again.</summary>
internal sealed unsafe class FusedSwiGlu : autograd.SingleTensorFunction<FusedSwiGlu>
{
    private const long Grain = 1 << 14;

    public override string Name => nameof(FusedSwiGlu);

    /// <summary>Without a backward pass.</summary>
    public static Tensor Compute(Tensor x)
    {
        var inner = (int)(x.shape[^1] / 2);
        var y = empty([.. x.shape[..^1], inner]);
        float* px = FusedMemory.Numbers(x), py = FusedMemory.Numbers(y);
        var rows = y.NumberOfElements / inner;
        TorchThreads.For(rows, TorchThreads.Workers(rows, Grain / inner), (begin, end, _) =>
        {
            for (var row = begin; row < end; row++)
            {
                var gate = px + (2 * row * inner);
                Forward(gate, gate + inner, py + (row * inner), inner);
            }
        });
        return y;
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        ctx.save_data("state", new State(FusedMemory.Keep(x), (FusedMemory)vars[1]));
        return Compute(x);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var state = (State)ctx.get_data("state");
        using var given = grad_output;
        using var output = given.contiguous();
        var gradient = empty_like(state.X);
        var inner = (int)(state.X.shape[^1] / 2);
        float* px = FusedMemory.Numbers(state.X), py = FusedMemory.Numbers(output), pg = FusedMemory.Numbers(gradient);
        var rows = output.NumberOfElements / inner;
        TorchThreads.For(rows, TorchThreads.Workers(rows, Grain / inner), (begin, end, _) =>
        {
            for (var row = begin; row < end; row++)
            {
                var (at, start) = (2 * row * inner, row * inner);
                Backward(px + at, px + at + inner, py + start, pg + at, pg + at + inner, inner);
            }
        });
        return state.Memory.Return(gradient, null);
    }

    private static void Forward(float* gate, float* up, float* y, int width)
    {
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = Vector.Load(gate + i);
            (g * Vector.Load(up + i) / (Vector<float>.One + Exp(-g))).Store(y + i);
        }

        for (; i < width; i++)
        {
            y[i] = gate[i] * up[i] / (1 + MathF.Exp(-gate[i]));
        }
    }

    private static void Backward(float* gate, float* up, float* dy, float* dgate, float* dup, int width)
    {
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (g, d) = (Vector.Load(gate + i), Vector.Load(dy + i));
            var sigmoid = Vector<float>.One / (Vector<float>.One + Exp(-g));
            var silu = g * sigmoid;
            (d * silu).Store(dup + i);
            (d * Vector.Load(up + i) * (sigmoid + (silu * (Vector<float>.One - sigmoid)))).Store(dgate + i);
        }

        for (; i < width; i++)
        {
            var sigmoid = 1 / (1 + MathF.Exp(-gate[i]));
            var silu = gate[i] * sigmoid;
            dup[i] = dy[i] * silu;
            dgate[i] = dy[i] * up[i] * (sigmoid + (silu * (1 - sigmoid)));
        }
    }

    /// <summary>
    /// e^x to within two units in the last place: x = n·ln 2 + r with |r| ≤ ln 2 / 2, and the Taylor polynomial of degree
    /// seven for e^r, whose remainder is below 2^-26. Arguments are held to ±87, where float32 ends.
    /// </summary>
    private static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new Vector<float>(-87)), new Vector<float>(87));
        var n = Vector.Floor((x * 1.44269504f) + new Vector<float>(0.5f));

        // ln 2 in two parts: the first has so few digits that n times it is exact.
        var r = x - (n * 0.693359375f) - (n * -2.12194440e-4f);
        var e = new Vector<float>(1f / 5040);
        e = (e * r) + new Vector<float>(1f / 720);
        e = (e * r) + new Vector<float>(1f / 120);
        e = (e * r) + new Vector<float>(1f / 24);
        e = (e * r) + new Vector<float>(1f / 6);
        e = (e * r) + new Vector<float>(0.5f);
        e = (e * r) + Vector<float>.One;
        e = (e * r) + Vector<float>.One;
        var power = Vector.ShiftLeft(Vector.ConvertToInt32Native(n) + new Vector<int>(127), 23);
        return e * Vector.AsVectorSingle(power);
    }

    private sealed record State(Tensor X, FusedMemory Memory) : IDisposable
    {
        public void Dispose() => X.Dispose();
    }
}
