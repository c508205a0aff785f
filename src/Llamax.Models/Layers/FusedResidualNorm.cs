using System.Numerics;
using Llamax.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary><see cref="ResidualNorm"/> in one pass over memory forward and one backward.</summary>
internal sealed unsafe class FusedResidualNorm : autograd.MultiTensorFunction<FusedResidualNorm>
{
    private const long Grain = 1 << 14;

    public override string Name => nameof(FusedResidualNorm);

    /// <summary>With a backward pass to follow.</summary>
    public static (Tensor Sum, Tensor Norm) Recorded(Tensor x, Tensor? added, Tensor weight, double epsilon, FusedMemory memory, bool last)
    {
        var results = apply(x, added!, weight, epsilon, memory, last);
        return (results.Count > 1 ? results[1] : x, results[0]);
    }

    /// <summary>Computes sum and norm, and each row's scale where <paramref name="scales"/> is given.</summary>
    public static (Tensor Sum, Tensor Norm) Compute(Tensor x, Tensor? added, Tensor weight, double epsilon, Tensor? scales)
    {
        var (sum, norm) = (added is null ? x : empty_like(x), empty_like(x));
        var width = (int)x.shape[^1];
        float* px = FusedMemory.Numbers(x), pw = FusedMemory.Numbers(weight), ps = FusedMemory.Numbers(sum), pn = FusedMemory.Numbers(norm);
        var pa = added is null ? null : FusedMemory.Numbers(added);
        var pr = scales is null ? null : FusedMemory.Numbers(scales);
        var rows = x.NumberOfElements / width;
        TorchThreads.For(rows, TorchThreads.Workers(rows, Grain / width), (begin, end, _) =>
        {
            for (var row = begin; row < end; row++)
            {
                var at = row * width;
                var squares = pa == null ? Squares(ps + at, width) : AddAndSquare(px + at, pa + at, ps + at, width);
                var scale = (float)(1 / Math.Sqrt((squares / width) + epsilon));
                Scale(ps + at, pw, scale, pn + at, width);
                if (pr != null)
                {
                    pr[row] = scale;
                }
            }
        });
        return (sum, norm);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, added, weight) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor)vars[2]);
        var scales = empty(x.NumberOfElements / x.shape[^1]);
        var (sum, norm) = Compute(x, added, weight, (double)vars[3], scales);
        ctx.set_materialize_grads(false);
        ctx.save_data("state", new State(
            FusedMemory.Keep(sum), FusedMemory.Keep(weight), scales.DetachFromDisposeScope(), added is not null, (FusedMemory)vars[4]));
        return added is null || (bool)vars[5] ? [norm] : [norm, sum];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var state = (State)ctx.get_data("state");
        var (normGradient, sumGradient) = (grad_outputs[0], grad_outputs.Count > 1 ? grad_outputs[1] : null);
        using var along = sumGradient is null || sumGradient.IsInvalid ? null : sumGradient.contiguous();
        using var across = normGradient.IsInvalid ? zeros_like(state.Sum) : normGradient.contiguous();
        var (gradient, weightGradient) = (empty_like(state.Sum), empty_like(state.Weight));
        Differentiate(state, across, along, gradient, weightGradient);
        foreach (var given in grad_outputs.Where(given => !given.IsInvalid))
        {
            given.Dispose();
        }

        return state.Memory.Return(gradient, state.Added ? gradient : null, weightGradient, null, null, null);
    }

    private static void Differentiate(State state, Tensor across, Tensor? along, Tensor gradient, Tensor weightGradient)
    {
        var width = (int)state.Sum.shape[^1];
        var rows = state.Sum.NumberOfElements / width;
        float* ps = FusedMemory.Numbers(state.Sum), pw = FusedMemory.Numbers(state.Weight), pr = FusedMemory.Numbers(state.Scales);
        float* py = FusedMemory.Numbers(across), pg = FusedMemory.Numbers(gradient), target = FusedMemory.Numbers(weightGradient);
        var pa = along is null ? null : FusedMemory.Numbers(along);
        var workers = TorchThreads.Workers(rows, Grain / width);
        using var partial = zeros(workers, width);
        var parts = FusedMemory.Numbers(partial);
        TorchThreads.For(rows, workers, (begin, end, worker) =>
        {
            for (var row = begin; row < end; row++)
            {
                var at = row * width;
                Row(ps + at, pw, py + at, pa == null ? null : pa + at, pr[row], pg + at, parts + ((long)worker * width), width);
            }
        });
        for (var i = 0; i < width; i++)
        {
            var total = 0f;
            for (var worker = 0; worker < workers; worker++)
            {
                total += parts[((long)worker * width) + i];
            }

            target[i] = total;
        }
    }

    /// <summary>One row backward: d/dx of w·x·r with r = (mean x² + ε)^-½ is w·r − x·r³·mean(w·x).</summary>
    private static void Row(float* x, float* w, float* dy, float* along, float scale, float* dx, float* dw, int width)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var product = Vector.Load(dy + i) * Vector.Load(x + i);
            sums += product * Vector.Load(w + i);
            (Vector.Load(dw + i) + (product * scale)).Store(dw + i);
        }

        var dot = Vector.Sum(sums);
        for (; i < width; i++)
        {
            dot += dy[i] * x[i] * w[i];
            dw[i] += dy[i] * x[i] * scale;
        }

        var pull = scale * scale * scale * dot / width;
        i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = (Vector.Load(dy + i) * Vector.Load(w + i) * scale) - (Vector.Load(x + i) * pull);
            (along == null ? value : value + Vector.Load(along + i)).Store(dx + i);
        }

        for (; i < width; i++)
        {
            dx[i] = (dy[i] * w[i] * scale) - (x[i] * pull) + (along == null ? 0 : along[i]);
        }
    }

    private static float Squares(float* x, int width)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(x + i);
            sums += value * value;
        }

        var total = Vector.Sum(sums);
        for (; i < width; i++)
        {
            total += x[i] * x[i];
        }

        return total;
    }

    private static float AddAndSquare(float* x, float* added, float* sum, int width)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(x + i) + Vector.Load(added + i);
            value.Store(sum + i);
            sums += value * value;
        }

        var total = Vector.Sum(sums);
        for (; i < width; i++)
        {
            sum[i] = x[i] + added[i];
            total += sum[i] * sum[i];
        }

        return total;
    }

    private static void Scale(float* x, float* w, float scale, float* y, int width)
    {
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(x + i) * scale * Vector.Load(w + i)).Store(y + i);
        }

        for (; i < width; i++)
        {
            y[i] = x[i] * scale * w[i];
        }
    }

    private sealed record State(Tensor Sum, Tensor Weight, Tensor Scales, bool Added, FusedMemory Memory) : IDisposable
    {
        public void Dispose()
        {
            Sum.Dispose();
            Weight.Dispose();
            Scales.Dispose();
        }
    }
}
