using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Attention to the encoded sources of the sentences that run, from torch's own operations: padded and masked.</summary>
internal sealed class SourceAttention(int layers) : IDisposable
{
    private readonly PromptRows rows = new(layers);
    private Tensor? mask; // [sentences, 1, 1, longest]: 0 or −∞

    /// <summary>Memory that it takes.</summary>
    public long Bytes => rows.Bytes;

    /// <summary>Sentences enter behind the others.</summary>
    public void Enter(IReadOnlyList<EncodedSource> encoded)
    {
        using var scope = NewDisposeScope();
        rows.Enter([.. encoded.Select(source => source.Length)]);
        for (var layer = 0; layer < layers; layer++)
        {
            rows.Fill(layer, Packed(source => source.Keys[layer]), Packed(source => source.Values[layer]), encoded.Count);
        }

        Forget();

        Tensor Packed(Func<EncodedSource, Tensor> part) => cat([.. encoded.Select(part)], 1).unsqueeze(0);
    }

    /// <summary>Others leave.</summary>
    public void Keep(ReadOnlySpan<int> kept)
    {
        if (rows.Lengths.Length > 0)
        {
            rows.Leave(kept);
            Forget();
        }
    }

    /// <summary>One token of each beam, <c>[sentences · beams, heads, 1, head_dim]</c>.</summary>
    public Tensor Attend(int layer, Tensor q, int beams)
    {
        using var scope = NewDisposeScope();
        var (sentences, heads, shared, size) = (Sentences(), q.shape[1], rows.Heads(layer), q.shape[3]);
        var queries = (q / Math.Sqrt(size)).view(sentences, beams, shared, heads / shared, size).transpose(1, 2).reshape(sentences, shared, -1, size);
        mask ??= Mask(q.device);
        var weights = (rows.Scores(layer, queries).to(ScalarType.Float32) + mask).softmax(-1).to(q.dtype);
        return rows.Mix(layer, weights).view(sentences, shared, beams, heads / shared, size).transpose(1, 2)
            .reshape(sentences * beams, heads, 1, size).MoveToOuterDisposeScope();
    }

    /// <summary>The prompts of the sentences that entered last, one after the other, <c>[1, heads, total length, head_dim]</c>.</summary>
    public Tensor AttendEntered(int layer, Tensor q, ReadOnlySpan<int> lengths)
    {
        using var scope = NewDisposeScope();
        var parts = new Tensor[lengths.Length];
        var (first, start) = (Sentences() - lengths.Length, 0);
        for (var i = 0; i < lengths.Length; i++)
        {
            var (keys, values) = rows.Row(layer, first + i);
            parts[i] = F.scaled_dot_product_attention(
                q.narrow(2, start, lengths[i]), AttentionContext.Repeat(q.shape[1], keys), AttentionContext.Repeat(q.shape[1], values));
            start += lengths[i];
        }

        return cat(parts, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        rows.Dispose();
    }

    private int Sentences() => rows.Lengths.Length > 0
        ? rows.Lengths.Length
        : throw new InvalidOperationException("The sentences entered without an encoder to attend to.");

    private Tensor Mask(Device device)
    {
        using var scope = NewDisposeScope();
        var lengths = rows.Lengths;
        var longest = rows.Capacity;
        var seen = new float[lengths.Length * longest];
        for (var i = 0; i < lengths.Length; i++)
        {
            seen.AsSpan((i * longest) + lengths[i], longest - lengths[i]).Fill(float.NegativeInfinity);
        }

        return tensor(seen, [lengths.Length, 1, 1, longest]).to(device).DetachFromDisposeScope();
    }

    private void Forget()
    {
        mask?.Dispose();
        mask = null;
    }
}
