using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training.Optimization;

/// <summary>AdamW with float32 state over flat memory (Loshchilov and Hutter, 2019).</summary>
internal sealed class AdamW : IDisposable
{
    private readonly FlatParameters parameters;
    private readonly TrainingOptions options;
    private readonly bool vectorized;

    /// <summary>Starts with moments of zero.</summary>
    /// <param name="parameters">What is optimized; stays with the caller.</param>
    /// <param name="options">Betas, epsilon and decay.</param>
    /// <param name="vectorized">Vector kernels instead of tensor operations; null chooses by the device.</param>
    public AdamW(FlatParameters parameters, TrainingOptions options, bool? vectorized = null)
    {
        (this.parameters, this.options) = (parameters, options);
        this.vectorized = vectorized ?? parameters.Values.device_type == DeviceType.CPU;
        Moments = zeros_like(parameters.Values).DetachFromDisposeScope();
        Squares = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>First moments, flat, float32.</summary>
    public Tensor Moments { get; }

    /// <summary>Second moments, flat, float32.</summary>
    public Tensor Squares { get; }

    /// <summary>The Euclidean norm of all gradients together.</summary>
    public double GradientNorm() =>
        vectorized ? VectorKernels.Norm(parameters.Gradients) : TensorKernels.Norm(parameters.Gradients);

    /// <summary>Updates the parameters and sets the gradients to zero.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="gradientScale">What the gradients are multiplied with first: the clipping.</param>
    public void Step(long step, double learningRate, double gradientScale)
    {
        var factors = AdamWFactors.Of(options, step, learningRate, gradientScale);
        Update(0, parameters.DecayedLength, factors);
        Update(parameters.DecayedLength, parameters.Length - parameters.DecayedLength, factors.WithoutDecay());
        parameters.PublishValues();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Moments.Dispose();
        Squares.Dispose();
    }

    private void Update(long start, long length, AdamWFactors factors)
    {
        if (length == 0)
        {
            return;
        }

        using var values = parameters.Values.narrow(0, start, length);
        using var gradients = parameters.Gradients.narrow(0, start, length);
        using var moments = Moments.narrow(0, start, length);
        using var squares = Squares.narrow(0, start, length);
        if (vectorized)
        {
            VectorKernels.Update(values, gradients, moments, squares, factors);
        }
        else
        {
            TensorKernels.Update(values, gradients, moments, squares, factors);
        }
    }
}
