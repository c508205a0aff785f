using Llamax.Corpora.Loading;
using Llamax.Models.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Training.Loss;

public sealed class LinearCrossEntropyTests
{
    public LinearCrossEntropyTests() => LibTorch.EnsureLoaded();

    /// <summary>3,001 is no multiple of a register's lanes; 1,700 rows are several chunks.</summary>
    [Theory]
    [InlineData(1, 7, true)]
    [InlineData(5, 16, true)]
    [InlineData(1700, 3001, true)]
    [InlineData(1700, 3001, false)]
    public void Value_and_gradients_are_those_of_cross_entropy(int rows, int vocabulary, bool vectorized)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var hidden = randn([rows, 24], generator: generator, requires_grad: true);
        var weight = randn([vocabulary, 24], generator: generator, requires_grad: true);
        var labels = randint(0, vocabulary, [rows], int64, generator: generator);
        var expected = F.cross_entropy(hidden.matmul(weight.t()), labels, reduction: nn.Reduction.Mean);
        expected.backward();

        var hiddenGradient = empty_like(hidden).detach();
        var weightGradient = ones_like(weight).detach();
        var loss = LinearCrossEntropy.Backward(
            hidden.detach(), weight, labels.data<long>().ToArray(), 1.0 / rows, hiddenGradient, weightGradient, vectorized);

        Assert.Equal(expected.item<float>(), loss / rows, 1e-5);
        Assert.True((hiddenGradient - hidden.grad!).abs().max().item<float>() < 1e-5);
        Assert.True((weightGradient - 1 - weight.grad!).abs().max().item<float>() < 1e-5, "adds to what is there");
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_lose_the_loss()
    {
        using var scope = NewDisposeScope();
        var hidden = tensor(new float[,] { { 300, 0 }, { 0, 500 } });
        var weight = tensor(new float[,] { { 1, 0 }, { 0, 1 } });
        var gradient = zeros(2, 2);
        var loss = LinearCrossEntropy.Backward(hidden, weight, [1, 1], 1, empty_like(hidden), gradient);
        Assert.Equal(300, loss, 1e-4);
        Assert.Equal(300, gradient[0, 0].item<float>(), 1e-3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hidden_state_that_is_no_number_gives_a_loss_that_is_none(bool vectorized)
    {
        using var scope = NewDisposeScope();
        var hidden = full([1, 4], float.NaN);
        var loss = LinearCrossEntropy.Backward(hidden, ones(40, 4), [1], 1, empty_like(hidden), zeros(40, 4), vectorized);
        Assert.True(double.IsNaN(loss));
    }

    [Fact]
    public void Sixteen_bit_weights_add_their_gradient_in_float32()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(2);
        var hidden = randn([40, 16], generator: generator);
        var weight = randn([50, 16], generator: generator);
        var labels = Enumerable.Range(0, 40).Select(i => (long)i).ToArray();
        var (expected, gradient) = (zeros(50, 16), zeros(50, 16));
        var (hiddenExpected, hiddenGradient) = (empty_like(hidden), empty(40, 16, dtype: bfloat16));
        var reference = LinearCrossEntropy.Backward(hidden, weight, labels, 1, hiddenExpected, expected);
        var loss = LinearCrossEntropy.Backward(hidden.bfloat16(), weight.bfloat16(), labels, 1, hiddenGradient, gradient);
        Assert.Equal(reference / 40, loss / 40, 0.05);
        Assert.True((expected - gradient).abs().max().item<float>() < 0.1);
        Assert.True((hiddenExpected - hiddenGradient).abs().max().item<float>() < 0.1);
    }

    [Fact]
    public void Targets_start_where_loss_counts_and_end_with_the_row()
    {
        var batch = new TokenBatch(3, 4, [1, 5, 6, 2, 1, 7, 2, 0, 1, 8, 9, 2], [4, 3, 4], [0, 1, 3]);
        var targets = LossTargets.Of(batch);
        Assert.Equal([0, 1, 2, 4, 5, 10], targets.Positions);
        Assert.Equal([5, 6, 2, 7, 2, 2], targets.Labels);
    }
}
