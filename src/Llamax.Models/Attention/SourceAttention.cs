using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>Attention to the encoded sources of the sentences that run, from torch's own operations: padded and masked.</summary>
internal sealed class SourceAttention(int layers) : IDisposable
{
    private readonly Tensor?[] keys = new Tensor?[layers], values = new Tensor?[layers]; // [sentences, kv_heads, longest, head_dim]
    private int[] lengths = [];
    private Tensor? mask; // [sentences, 1, 1, longest], true where a token is

    /// <summary>Memory that it takes.</summary>
    public long Bytes => keys.Concat(values).OfType<Tensor>().Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>Sentences enter behind the others.</summary>
    public void Enter(IReadOnlyList<EncodedSource> encoded)
    {
        using var scope = NewDisposeScope();
        for (var layer = 0; layer < layers; layer++)
        {
            Replace(ref keys[layer], [.. encoded.Select(source => source.Keys[layer].unsqueeze(0))], 2);
            Replace(ref values[layer], [.. encoded.Select(source => source.Values[layer].unsqueeze(0))], 2);
        }

        var device = keys[0]!.device;
        lengths = [.. lengths, .. encoded.Select(source => source.Length)];
        Replace(ref mask, [.. encoded.Select(source => ones([1, 1, 1, source.Length], ScalarType.Bool, device))], 3);
    }

    /// <summary>Others leave.</summary>
    public void Keep(ReadOnlySpan<int> kept)
    {
        if (mask is null)
        {
            return;
        }

        lengths = [.. kept.ToArray().Select(place => lengths[place])];
        if (lengths.Length == 0)
        {
            Dispose();
            return;
        }

        using var scope = NewDisposeScope();
        var longest = lengths.Max();
        var rows = tensor(Array.ConvertAll(kept.ToArray(), place => (long)place)).to(mask.device);
        foreach (var all in new[] { keys, values })
        {
            for (var layer = 0; layer < layers; layer++)
            {
                Set(ref all[layer], all[layer]!.narrow(2, 0, longest).index_select(0, rows));
            }
        }

        Set(ref mask, mask.narrow(3, 0, longest).index_select(0, rows));
    }

    /// <summary>One token of each beam, <c>[sentences · beams, heads, 1, head_dim]</c>.</summary>
    public Tensor Attend(int layer, Tensor q, int beams)
    {
        using var scope = NewDisposeScope();
        var (sentences, heads, size) = (Known(layer).shape[0], q.shape[1], q.shape[3]);
        var rows = q.view(sentences, beams, heads, size).transpose(1, 2);
        var mixed = F.scaled_dot_product_attention(
            rows, AttentionContext.Repeat(heads, keys[layer]!), AttentionContext.Repeat(heads, values[layer]!), attn_mask: mask);
        return mixed.transpose(1, 2).reshape(sentences * beams, heads, 1, size).MoveToOuterDisposeScope();
    }

    /// <summary>The prompts of the sentences that entered last, one after the other, <c>[1, heads, total length, head_dim]</c>.</summary>
    public Tensor AttendEntered(int layer, Tensor q, ReadOnlySpan<int> lengths)
    {
        using var scope = NewDisposeScope();
        var parts = new Tensor[lengths.Length];
        var (place, start) = (Known(layer).shape[0] - lengths.Length, 0);
        for (var i = 0; i < lengths.Length; i++)
        {
            parts[i] = F.scaled_dot_product_attention(
                q.narrow(2, start, lengths[i]),
                AttentionContext.Repeat(q.shape[1], keys[layer]!.narrow(0, place + i, 1)),
                AttentionContext.Repeat(q.shape[1], values[layer]!.narrow(0, place + i, 1)),
                attn_mask: mask!.narrow(0, place + i, 1));
            start += lengths[i];
        }

        return cat(parts, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mask?.Dispose();
        mask = null;
        foreach (var all in new[] { keys, values })
        {
            for (var layer = 0; layer < layers; layer++)
            {
                all[layer]?.Dispose();
                all[layer] = null;
            }
        }
    }

    private Tensor Known(int layer) => keys[layer]
        ?? throw new InvalidOperationException("The sentences entered without an encoder to attend to.");

    /// <summary>Puts rows below the old ones, all padded with zeros along a dimension to the longest.</summary>
    private static void Replace(ref Tensor? old, Tensor[] added, int dimension)
    {
        Tensor[] rows = old is null ? added : [old, .. added];
        var longest = rows.Max(row => row.shape[dimension]);
        Set(ref old, cat([.. rows.Select(row => Pad(row, longest - row.shape[dimension], dimension))], 0));
    }

    private static Tensor Pad(Tensor row, long missing, int dimension)
    {
        if (missing == 0)
        {
            return row;
        }

        long[] shape = [.. row.shape];
        shape[dimension] = missing;
        return cat([row, zeros(shape, row.dtype, row.device)], dimension);
    }

    private static void Set(ref Tensor? old, Tensor replacement)
    {
        old?.Dispose();
        old = replacement.DetachFromDisposeScope();
    }
}
