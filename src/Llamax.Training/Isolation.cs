using Llamax.Corpora.Loading;
using Llamax.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training;

/// <summary>What keeps the entries of a packed row apart: who may see whom, and positions that start anew with each.</summary>
/// <param name="Positions"><c>[batch, sequence]</c>, int64.</param>
/// <param name="Attention">Of the entries.</param>
internal sealed record Isolation(Tensor Positions, BlockAttention Attention) : IDisposable
{
    /// <summary>Reads the entries of a batch; padding is an entry of its own.</summary>
    public static Isolation Of(TokenBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var positions = new long[batch.Rows * batch.Columns];
        var blocks = new int[positions.Length];
        for (var row = 0; row < batch.Rows; row++)
        {
            var segments = batch.Segments(row);
            var cell = row * batch.Columns;
            for (var i = 0; i <= segments.Count; i++)
            {
                var start = i < segments.Count ? segments[i].Start : batch.Lengths[row];
                var end = i < segments.Count ? segments[i].End : batch.Columns;
                for (var column = start; column < end; column++)
                {
                    (positions[cell + column], blocks[cell + column]) = (column - start, i);
                }
            }
        }

        return new Isolation(
            tensor(positions, [batch.Rows, batch.Columns], device: device).DetachFromDisposeScope(),
            new BlockAttention(tensor(blocks, [batch.Rows, batch.Columns], device: device)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Positions.Dispose();
        Attention.Dispose();
    }
}
