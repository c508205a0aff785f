using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Training.Loss;
using Llamax.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training;

/// <summary>Forward and backward of micro-batches, then one update. All tensors of a call live in its dispose scope.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly CausalLanguageModel model;
    private readonly TrainingOptions options;
    private readonly AttentionContext attention = new CausalAttention();
    private readonly Tensor outputGradient;

    /// <summary>Moves the model's parameters into flat memory.</summary>
    /// <exception cref="LlamaxException">The weights are of a type that cannot be trained.</exception>
    public TrainingStep(CausalLanguageModel model, TrainingOptions options)
    {
        if (model.Type is not (ScalarType.Float32 or ScalarType.BFloat16))
        {
            throw new LlamaxException(
                $"Weights of type {model.Type} cannot be trained: the gradients would under- or overflow. Load the model in float32 or bfloat16.");
        }

        (this.model, this.options) = (model, options);
        Parameters = new FlatParameters(model.named_parameters(), options.DecayNormsAndBiases);
        Optimizer = new AdamW(Parameters, options);
        outputGradient = FlatParameters.View(Parameters.Gradients, Parameters.Find(model.OutputWeight)).DetachFromDisposeScope();
    }

    /// <summary>The parameters and their gradients.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>The optimizer with its moments.</summary>
    public AdamW Optimizer { get; }

    /// <summary>Adds the gradients of a micro-batch.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="targets">Where loss counts.</param>
    /// <param name="stepTargets">Number of targets in all micro-batches of the step.</param>
    /// <returns>Sum of the targets' losses in nats.</returns>
    public double Accumulate(TokenBatch batch, LossTargets targets, long stepTargets)
    {
        if (targets.Labels.Length == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        using var isolation = batch.IsIsolated ? Isolation.Of(batch, model.Device) : null;
        var hidden = Hidden(batch, isolation);
        Tensor gradient;
        double loss;
        using (no_grad())
        {
            // Only rows that count are multiplied with the vocabulary: of an instruction, the response.
            var rows = tensor(targets.Positions, device: model.Device);
            var counted = hidden.detach().index_select(0, rows);
            var countedGradient = empty_like(counted);
            loss = LinearCrossEntropy.Backward(
                counted, model.OutputWeight, targets.Labels, 1.0 / stepTargets, countedGradient, outputGradient);
            gradient = zeros_like(hidden).index_copy_(0, rows, countedGradient);
        }

        hidden.backward([gradient]);
        Parameters.CollectGradients();
        return loss;
    }

    /// <summary>The hidden states of a batch, <c>[rows × columns, hidden]</c>.</summary>
    internal Tensor Hidden(TokenBatch batch, Isolation? isolation)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(batch.InputIds, [batch.Rows, batch.Columns], device: model.Device).to_type(ScalarType.Int64);
        var positions = isolation?.Positions ?? arange(batch.Columns, int64, model.Device).unsqueeze(0);
        return model.Hidden(ids, positions, isolation?.Attention ?? attention).flatten(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Clips the gradients, updates the parameters, and sets the gradients to zero.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <returns>The gradients' norm before clipping; where it is not finite, nothing was updated.</returns>
    public double Update(long step, double learningRate)
    {
        var norm = Optimizer.GradientNorm();
        if (double.IsFinite(norm))
        {
            var scale = options.Clip > 0 ? Math.Min(1, options.Clip / (norm + 1e-6)) : 1;
            Optimizer.Step(step, learningRate, scale);
        }

        return norm;
    }

    /// <summary>Frees optimizer and gradients; the model keeps its weights.</summary>
    public void Dispose()
    {
        outputGradient.Dispose();
        Optimizer.Dispose();
        Parameters.Dispose();
    }
}
