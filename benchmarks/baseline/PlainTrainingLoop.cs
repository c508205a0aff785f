using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Benchmarks.Baseline;

/// <summary>The training loop of every tutorial: full logits, cross-entropy, TorchSharp's AdamW, clipping.</summary>
public sealed class PlainTrainingLoop(PlainLlama model, double learningRate) : IDisposable
{
    private readonly TorchSharp.Modules.AdamW optimizer =
        optim.AdamW(model.parameters(), learningRate, 0.9, 0.95, 1e-8, 0.1);

    /// <summary>One step on <c>[rows, columns]</c> ids without padding; the loss is on every id but the first of a row.</summary>
    public double Step(long[] ids, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var input = tensor(ids, [rows, columns]);
        var logits = model.forward(input);
        var predicted = logits[.., ..^1].flatten(0, 1);
        var loss = F.cross_entropy(predicted, input[.., 1..].flatten());
        optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(model.parameters(), 1.0);
        optimizer.step();
        return loss.item<float>();
    }

    public void Dispose() => optimizer.Dispose();
}
