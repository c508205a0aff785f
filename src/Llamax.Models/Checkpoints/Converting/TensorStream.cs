using Llamax.Models.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>Writes tensors part by part in another number type; of one stored as a view, all is in memory for a moment.</summary>
/// <param name="advanced">Is told of bytes that were written.</param>
/// <param name="cancellationToken">Ends the work between two parts.</param>
internal sealed class TensorStream(Action<long> advanced, CancellationToken cancellationToken)
{
    private const int Chunk = 1 << 22;

    public void Write(Stream stream, PlannedTensor tensor)
    {
        using var grad = no_grad();
        var kept = tensor.Rows is { } rows ? Math.Min(rows, tensor.Source.Shape[tensor.RowDimension]) : 1;
        var of = tensor.Rows is null ? 1 : tensor.Source.Shape[tensor.RowDimension];
        var count = tensor.Source.Length / SafetensorsTypes.Size(tensor.Source.Type) / of * kept;
        using var whole = tensor.Source.Strides is null ? null : tensor.File.Read(tensor.Name);
        using var flat = whole?.view(-1);
        using var buffer = empty([Math.Min(Chunk, count)], tensor.Source.Type);
        for (var done = 0L; done < count; done += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = Math.Min(Chunk, count - done);
            using var stored = flat is null ? buffer.narrow(0, 0, part) : flat.narrow(0, done, part);
            if (flat is null)
            {
                tensor.File.ReadBytes(tensor.Source, done * SafetensorsTypes.Size(tensor.Source.Type), stored.bytes);
            }

            if (tensor.Type == tensor.Source.Type)
            {
                stream.Write(stored.bytes);
            }
            else
            {
                using var converted = Converted(tensor, stored);
                stream.Write(converted.bytes);
            }

            advanced(part * SafetensorsTypes.Size(tensor.Type));
        }

        if (tensor.Rows is { } wanted && wanted > kept)
        {
            var mean = VocabularyRows.Mean(tensor, flat);
            for (var row = kept; row < wanted; row++)
            {
                stream.Write(mean);
                advanced(mean.Length);
            }
        }
    }

    private static Tensor Converted(PlannedTensor tensor, Tensor stored)
    {
        var converted = stored.to_type(tensor.Type);
        if (tensor.Type == ScalarType.Float16 && Infinite(converted) > Infinite(stored))
        {
            converted.Dispose();
            throw new LlamaxException($"{tensor.File.Path}: '{tensor.Name}' has numbers beyond 65,504, the largest of float16. Ask for bfloat16, which has the range of float32.");
        }

        return converted;
    }

    private static long Infinite(Tensor numbers)
    {
        using var infinite = numbers.isinf();
        using var sum = infinite.sum();
        return sum.item<long>();
    }
}
