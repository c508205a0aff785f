using CsCheck;
using Llamax.Models.Attention;
using Llamax.Models.Layers;
using Llamax.Text.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests;

/// <summary>Each fused kernel beside torch's own operations: values and gradients.</summary>
public sealed class FusedLayerTests
{
    [Fact]
    public void Norms_of_sums() => Shapes().Sample(
        (rows, width, seed) => Compare(seed, [[rows, width], [rows, width], [width]],
            x => Pair(ResidualNorm.Apply(x[0], x[1], x[2], 1e-5, new FusedMemory())),
            x => Pair(ResidualNorm.Reference(x[0], x[1], x[2], 1e-5))),
        iter: 60, threads: 1);

    [Fact]
    public void Norms_of_one() => Shapes().Sample(
        (rows, width, seed) => Compare(seed, [[rows, width], [width]],
            x => Pair(ResidualNorm.Apply(x[0], null, x[1], 1e-5, new FusedMemory())),
            x => Pair(ResidualNorm.Reference(x[0], null, x[1], 1e-5))),
        iter: 60, threads: 1);

    [Fact]
    public void Gates() => Shapes().Sample(
        (rows, width, seed) => Compare(seed, [[rows, 2 * width]],
            x => [SwiGlu.Apply(x[0] * 8, new FusedMemory())],
            x => [SwiGlu.Reference(x[0] * 8)]),
        iter: 60, threads: 1);

    [Fact]
    public void Rotations() => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 20], Gen.Bool, Gen.Int).Sample(
        (batch, sequence, shared, groups, half, same, seed) =>
        {
            using var scope = NewDisposeScope();
            var heads = shared * groups;
            var positions = (arange(sequence).unsqueeze(0) + arange(same ? 1 : batch).unsqueeze(1)).to_type(ScalarType.Int64);
            var (cos, sin) = Rotary.Angles(positions, rand(half));
            Compare(seed, [[batch, sequence, heads + (2 * shared), 2 * half]],
                x => Triple(Rotary.Split(x[0], cos, sin, heads, shared, new FusedMemory())),
                x => Triple(Rotary.Reference(x[0], cos, sin, heads, shared)));
        },
        iter: 60, threads: 1);

    [Theory]
    [InlineData(4, false)]
    [InlineData(1, true)]
    public void Gradients_of_the_model_are_those_of_finite_differences(int keyValueHeads, bool tied)
    {
        using var scope = NewDisposeScope();
        using var model = TestModels.Small(keyValueHeads, tied, bias: tied);
        var (ids, positions) = (arange(14).view(2, 7), arange(7).view(1, 7));
        var attention = new CausalAttention();
        double Loss() => model.Logits(model.Hidden(ids, positions, attention)).log_softmax(-1).square().mean().item<float>();
        model.Logits(model.Hidden(ids, positions, attention)).log_softmax(-1).square().mean().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            // Along the gradient the loss must change by its squared norm.
            var gradient = parameter.grad!.clone();
            var norm = gradient.norm().item<float>();
            var step = 1e-2f / Math.Max(norm, 1e-3f);
            double Moved(float by)
            {
                using var grad = no_grad();
                parameter.add_(gradient, by);
                var loss = Loss();
                parameter.add_(gradient, -by);
                return loss;
            }

            var slope = (Moved(step) - Moved(-step)) / (2 * step);
            Assert.True(Math.Abs(slope - (norm * norm)) <= (0.03 * norm * norm) + 1e-3, $"{name}: {slope} beside {norm * norm}");
        }
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var model = TestModels.Small(keyValueHeads: 2);
        long Live(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                model.Hidden(arange(14).view(2, 7), arange(7).view(1, 7), new CausalAttention()).sum().backward();
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(Live(5), Live(45));
    }

    private static Gen<(int Rows, int Width, int Seed)> Shapes() => Gen.Select(Gen.Int[1, 300], Gen.Int[1, 200], Gen.Int);

    private static Tensor[] Pair((Tensor Sum, Tensor Norm) x) => [x.Sum, x.Norm];

    private static Tensor[] Triple((Tensor Q, Tensor K, Tensor V) x) => [x.Q, x.K, x.V];

    private static void Compare(int seed, long[][] shapes, Func<Tensor[], Tensor[]> fused, Func<Tensor[], Tensor[]> reference)
    {
        using var scope = NewDisposeScope();
        var random = new RandomStream(seed, "fused");
        var values = shapes.Select(shape => tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b))
            .Select(_ => (float)random.NextGaussian()).ToArray()).view(shape)).ToArray();
        var (first, second) = (Run(values, fused), Run(values, reference));
        using var grad = no_grad();
        var without = fused(values);
        Assert.All(without.Zip(first), pair => Assert.InRange((pair.First - pair.Second).abs().max().item<float>(), 0, 0));
        Assert.All(first.Zip(second), pair =>
            Assert.InRange(((pair.First - pair.Second).abs() / (pair.Second.abs() + 1)).max().item<float>(), 0, 2e-4f));
    }

    [Fact]
    public unsafe void A_tensor_whose_bytes_no_span_can_hold_is_left_to_torch()
    {
        using var scope = NewDisposeScope();
        var memory = empty(1L << 29); // Never touched, so never taken.
        Assert.False(FusedMemory.Applies(memory));
        Assert.True(FusedMemory.Applies(memory.narrow(0, 0, (1L << 29) - 1)));
        Assert.True(FusedMemory.Numbers(memory.narrow(0, 0, (1L << 29) - 1)) != null);
    }

    /// <summary>Outputs and the gradients of a sum in which every output number has its own weight.</summary>
    private static List<Tensor> Run(Tensor[] values, Func<Tensor[], Tensor[]> function)
    {
        var inputs = values.Select(value => value.clone().requires_grad_()).ToArray();
        var outputs = function(inputs);
        var total = outputs.Select(output => (output * (arange(output.NumberOfElements) % 7 - 2.5).view(output.shape)).sum()).Aggregate((a, b) => a + b);
        total.backward();
        return [.. outputs.Select(output => output.detach()), .. inputs.Select(input => input.grad!)];
    }
}
