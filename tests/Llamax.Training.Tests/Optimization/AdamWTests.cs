using Llamax.Models.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Training.Optimization;

public sealed class AdamWTests
{
    private static readonly TrainingOptions Options = new() { LearningRate = 1e-2, WeightDecay = 0.3, Beta2 = 0.95, Epsilon = 1e-7 };

    public AdamWTests() => LibTorch.EnsureLoaded();

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Twenty_steps_are_those_of_torch(bool vectorized, bool decayAll)
    {
        using var scope = NewDisposeScope();
        var shapes = new long[][] { [300, 211], [17], [5, 3], [1], [40_000, 2] };
        var generator = new Generator(3);
        var ours = shapes.Select(shape => new Parameter(randn(shape, generator: generator))).ToList();
        var theirs = ours.Select(parameter => new Parameter(parameter.detach().clone())).ToList();
        using var flat = new FlatParameters(ours.Select((parameter, i) => ($"p{i}", parameter)), decayAll);
        using var optimizer = new AdamW(flat, Options, vectorized);
        var reference = optim.AdamW(
            [
                new Group(theirs.Where(parameter => decayAll || parameter.dim() > 1)),
                new Group(theirs.Where(parameter => !decayAll && parameter.dim() == 1), 0),
            ],
            1e-2, Options.Beta1, Options.Beta2, Options.Epsilon, Options.WeightDecay);
        for (var step = 1; step <= 20; step++)
        {
            var squares = 0.0;
            for (var i = 0; i < shapes.Length; i++)
            {
                var gradient = randn(shapes[i], generator: generator) * 3;
                ours[i].grad!.add_(gradient);
                theirs[i].grad = gradient;
                squares += gradient.square().sum(float64).item<double>();
            }

            Assert.Equal(1, optimizer.GradientNorm() / Math.Sqrt(squares), 1e-5);
            foreach (var parameter in theirs)
            {
                parameter.grad!.mul_(0.25);
            }

            reference.step();
            optimizer.Step(step, 1e-2, 0.25);
        }

        Assert.Equal(0, flat.Gradients.abs().max().item<float>());
        foreach (var (our, their) in ours.Zip(theirs))
        {
            Assert.True((our - their).abs().max().item<float>() < 2e-6);
        }
    }

    [Fact]
    public void Sixteen_bit_parameters_gather_steps_smaller_than_their_resolution()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones([8, 8], bfloat16));
        using var flat = new FlatParameters([("p", parameter)], decayAll: false);
        using var optimizer = new AdamW(flat, Options with { WeightDecay = 0 });
        for (var step = 1; step <= 100; step++)
        {
            parameter.grad = ones([8, 8], bfloat16);
            flat.CollectGradients();
            optimizer.Step(step, 1e-3, 1); // Half a step of bfloat16 below 1 is 2e-3: without masters nothing would move.
        }

        Assert.Equal(0.9, parameter[0, 0].to(float32).item<float>(), 4e-3);
        Assert.Equal(0.9, flat.Values[0].item<float>(), 1e-4);
    }

    [Fact]
    public void Gradients_of_sixteen_bits_add_up_in_float32()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros([2, 2], bfloat16));
        using var flat = new FlatParameters([("p", parameter)], decayAll: false);
        foreach (var gradient in new[] { 256f, 1f })
        {
            parameter.grad = full([2, 2], gradient, bfloat16);
            flat.CollectGradients();
        }

        Assert.Equal(257, flat.Gradients[0].item<float>()); // bfloat16 has no 257.
    }

    private sealed class Group(IEnumerable<Parameter> parameters, double? decay = null)
        : TorchSharp.Modules.AdamW.ParamGroup(parameters, new TorchSharp.Modules.AdamW.Options
        {
            LearningRate = 1e-2,
            InitialLearningRate = 1e-2,
            beta1 = AdamWTests.Options.Beta1,
            beta2 = AdamWTests.Options.Beta2,
            eps = AdamWTests.Options.Epsilon,
            weight_decay = decay ?? AdamWTests.Options.WeightDecay,
        });
}
