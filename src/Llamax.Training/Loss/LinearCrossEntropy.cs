using Llamax.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training.Loss;

/// <summary>
/// Output projection and cross-entropy in one, some rows at a time: the logits of a chunk become its probabilities and at
/// once its gradients, so that <c>[rows, vocabulary]</c> never exists as a whole and nothing is kept for a backward pass.
/// The gradient of the weight is added in place to where the optimizer wants it.
/// </summary>
internal static class LinearCrossEntropy
{
    /// <summary>Logits held at once, about: 32 MiB in float32.</summary>
    private const long ChunkLogits = 1 << 23;

    /// <summary>Computes the loss and both gradients.</summary>
    /// <param name="hidden">What the logits are computed from, <c>[rows, hidden]</c>, outside the autograd graph.</param>
    /// <param name="weight">The output projection, <c>[vocabulary, hidden]</c>, of the same type.</param>
    /// <param name="labels">The right id of each row.</param>
    /// <param name="scale">What the gradients are multiplied with: 1 / targets of the whole step.</param>
    /// <param name="hiddenGradient">Written: <c>[rows, hidden]</c>, of the type of <paramref name="hidden"/>.</param>
    /// <param name="weightGradient">Added to: float32 <c>[vocabulary, hidden]</c>.</param>
    /// <param name="vectorized">Vector kernels instead of tensor operations; null chooses by device and type.</param>
    /// <returns>Sum of the rows' losses in nats, not scaled.</returns>
    public static double Backward(
        Tensor hidden, Tensor weight, long[] labels, double scale, Tensor hiddenGradient, Tensor weightGradient, bool? vectorized = null)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        weight = weight.detach();
        var rows = (int)hidden.shape[0];
        var chunk = (int)Math.Clamp(ChunkLogits / weight.shape[0], 16, 1024);
        var inVectors = vectorized ?? (hidden.device_type == DeviceType.CPU && hidden.dtype == ScalarType.Float32);
        var loss = inVectors ? null : zeros([], float64, hidden.device);
        var vectorLoss = 0.0;
        for (var start = 0; start < rows; start += chunk)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(chunk, rows - start);
            var part = hidden.narrow(0, start, count);
            if (inVectors)
            {
                vectorLoss += InVectors(part, weight, labels.AsSpan(start, count), scale, hiddenGradient.narrow(0, start, count), weightGradient);
                continue;
            }

            var gradient = ToGradient(part.matmul(weight.t()), labels.AsSpan(start, count).ToArray(), scale, loss!);
            hiddenGradient.narrow(0, start, count).copy_(gradient.matmul(weight));
            weightGradient.add_(gradient.t().matmul(part));
        }

        return inVectors ? vectorLoss : loss!.item<double>();
    }

    /// <summary>The logits are let go as they become their gradient; the products are autograd's, which knows the fast ones.</summary>
    private static double InVectors(
        Tensor part, Tensor weight, ReadOnlySpan<long> labels, double scale, Tensor hiddenGradient, Tensor weightGradient)
    {
        using var grad = enable_grad();
        var (input, matrix) = (part.detach().requires_grad_(true), weight.detach().requires_grad_(true));
        var logits = Projection.Apply(input.unsqueeze(0), matrix).squeeze(0);
        var gradient = logits.detach();
        var loss = VectorCrossEntropy.ToGradient(gradient, labels, (float)scale);
        var gradients = autograd.grad([logits], [input, matrix], [gradient]);
        hiddenGradient.copy_(gradients[0]);
        using var none = no_grad();
        weightGradient.add_(gradients[1]);
        return loss;
    }

    /// <summary>Turns logits into the gradient of the loss with respect to them, and adds the loss to a number.</summary>
    private static Tensor ToGradient(Tensor logits, long[] labels, double scale, Tensor loss)
    {
        var index = tensor(labels, device: logits.device).unsqueeze(1);
        var logProbabilities = logits.log_softmax(1, float32);
        loss.sub_(logProbabilities.gather(1, index).sum(float64));
        var gradient = logProbabilities.exp_();
        gradient.scatter_add_(1, index, full_like(index, -1, float32));
        return gradient.mul_(scale).to(logits.dtype);
    }
}
