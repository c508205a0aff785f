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

    [Theory]
    [InlineData(1, 16, 4)]
    [InlineData(4, 64, 33)]
    [InlineData(13, 1024, 7)]
    [InlineData(101, 2064, 130)]
    [InlineData(200, 48, 3)]
    public void Rows_meet_rows_of_the_weight(int rows, int input, int output)
    {
        Assert.SkipUnless(RowProducts.Supported, "This processor has no AVX-512.");
        using var scope = NewDisposeScope();
        var generator = new Generator(7);
        var (x, weight, bias) = (randn([rows, input], generator: generator), randn([output, input], generator: generator), randn([output], generator: generator));
        var expected = F.linear(x.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        var bound = 1e-6 * Math.Sqrt(input) * 4;
        Assert.True((RowProducts.Multiply(x, weight, null) - expected).abs().max().item<double>() < bound);
        Assert.True((RowProducts.Multiply(x, weight, bias) - expected - bias).abs().max().item<double>() < bound);
    }

    [Fact]
    public void Neither_the_rows_beside_a_row_nor_the_threads_change_a_bit_of_it()
    {
        Assert.SkipUnless(RowProducts.Supported, "This processor has no AVX-512.");
        using var scope = NewDisposeScope();
        var generator = new Generator(8);
        var (x, weight) = (randn([105, 1600], generator: generator), randn([1003, 1600], generator: generator));
        var all = RowProducts.Multiply(x, weight, null);
        foreach (var (from, count) in new[] { (0, 1), (3, 2), (5, 3), (7, 4), (50, 6), (95, 10), (1, 100) })
        {
            Assert.Equal(0, Difference(RowProducts.Multiply(x.narrow(0, from, count), weight, null), all.narrow(0, from, count)));
        }

        Assert.Equal(0, Difference(RowProducts.Multiply(x[5..6], weight[1000..], null), all[5..6, 1000..].contiguous()));
        Assert.False(RowProducts.Applies(empty(1 << 15, 16), empty((1 << 14) + 1, 16), null)); // More numbers than a span of bytes holds.
        var threads = get_num_threads();
        try
        {
            set_num_threads(threads == 1 ? 2 : 1);
            Assert.Equal(0, Difference(RowProducts.Multiply(x, weight, null), all));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Without_a_backward_pass_any_shape_and_type_gives_the_product()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (shape, input) in new[] { (new long[] { 2, 3 }, 32L), ([5], 20), ([0], 32), ([2, 1, 4], 16) })
        {
            var (x, weight) = (randn([.. shape, input]), randn(9, input));
            var (actual, expected) = (Projection.Apply(x, weight), F.linear(x, weight));
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(allclose(actual, expected, atol: 1e-4));
            Assert.True(allclose(Projection.Apply(x.to(ScalarType.Float64), weight.to(ScalarType.Float64)), expected.to(ScalarType.Float64), atol: 1e-4));
            Assert.True(allclose(Projection.Apply(x.flip(0), weight), expected.flip(0), atol: 1e-4));
        }
    }

    private static float Difference(Tensor one, Tensor other) => (one - other).abs().max().item<float>();
}
