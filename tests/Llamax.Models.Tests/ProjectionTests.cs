using Llamax.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(16, 9, 16, 9)]
    [InlineData(3, 64, 16, 12)]
    [InlineData(2, 70, 2, 70)]
    public void As_a_convolution_value_and_gradients_are_those_of_a_product(int batch, int sequence, int count, int points)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(4);
        var (x, weight, bias) = (New(batch, sequence, 24), New(40, 24), New(40));
        var gradient = randn([batch, sequence, 40], generator: generator);
        var expected = F.linear(x, weight, bias);
        expected.backward([gradient]);
        var references = new[] { x, weight, bias }.Select(tensor => tensor.grad!.clone()).ToArray();
        foreach (var tensor in new[] { x, weight, bias })
        {
            tensor.grad = null;
        }

        var actual = Projection.AsConvolution(x, weight, bias, (count, points));
        actual.backward([gradient]);
        Assert.True(actual.is_contiguous());
        Assert.True((actual - expected).abs().max().item<float>() < 1e-4);
        foreach (var (tensor, reference) in new[] { x, weight, bias }.Zip(references))
        {
            Assert.True((tensor.grad! - reference).abs().max().item<float>() < 1e-3);
        }

        Tensor New(params long[] shape) => randn(shape, generator: generator).requires_grad_(true);
    }

    [Fact]
    public void Whatever_way_is_taken_gives_the_product()
    {
        using var scope = NewDisposeScope();
        foreach (var (batch, sequence) in new[] { (1, 1), (1, 256), (64, 4), (7, 31), (200, 1) })
        {
            var (x, weight) = (randn(batch, sequence, 32).requires_grad_(true), randn(48, 32).requires_grad_(true));
            Assert.True((Projection.Apply(x, weight) - F.linear(x, weight)).abs().max().item<float>() < 1e-4);
        }
    }
}
