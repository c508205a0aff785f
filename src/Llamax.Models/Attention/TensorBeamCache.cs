using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// The cache from torch's own operations, for every device and number type. A sentence has a row for its prompt
/// (<see cref="PromptRows"/>) and a row of slots, one per beam and step. Each beam sees the prompt and the slots of its own
/// ancestors; when beams are chosen anew only these marks move. When the slots are used up, or sentences have ended, those
/// that no beam sees any more are dropped in one pass; prompts stay where they are.
/// </summary>
internal sealed class TensorBeamCache(int layers, int beams) : BeamCache
{
    private readonly PromptAttention prompts = new(layers);
    private readonly PromptRows rows = new(layers);
    private readonly SourceAttention sources = new(layers);
    private readonly Tensor?[] keys = new Tensor?[layers], values = new Tensor?[layers]; // [sentences, kv_heads, capacity, head_dim]
    private readonly SlotMarks marks = new(beams);
    private int[] entering = [];
    private Tensor? mask; // [sentences, 1, beams, 1, prefix + prompt + used]: 0 or −∞
    private Tensor? biases; // [heads, sentences · (prefix + prompt + used)]: the same for all layers
    private Reading reading;

    private enum Reading
    {
        Prefix,
        Prompts,
        Tokens,
    }

    /// <inheritdoc/>
    public override long Bytes => keys.Concat(values)
        .Concat(Enumerable.Range(0, layers).SelectMany(layer => prompts.Prefix(layer) is { } pair ? new[] { pair.Keys, pair.Values } : []))
        .OfType<Tensor>().Sum(tensor => tensor.numel() * tensor.element_size()) + rows.Bytes + sources.Bytes;

    /// <summary>How often prompts were copied.</summary>
    internal int PromptCopies => rows.Copies;

    /// <inheritdoc/>
    public override bool PadsPrompts => true;

    /// <inheritdoc/>
    public override void ReadPrefix() => reading = Reading.Prefix;

    /// <inheritdoc/>
    public override void Enter(ReadOnlySpan<int> lengths, IReadOnlyList<EncodedSource>? encoded = null)
    {
        reading = Reading.Prompts;
        entering = lengths.ToArray();
        rows.Enter(lengths);
        marks.Enter(lengths);
        if (encoded is not null)
        {
            sources.Enter(encoded);
        }
    }

    /// <inheritdoc/>
    public override void Leave(ReadOnlySpan<int> kept)
    {
        if (kept.Length < marks.Sentences)
        {
            sources.Keep(kept);
            rows.Leave(kept);
            Move(marks.Leave(kept));
        }
    }

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<int> parents)
    {
        reading = Reading.Tokens;
        if (marks.Follow(parents) is { } moved)
        {
            Move(moved);
        }

        mask?.Dispose();
        biases?.Dispose();
        (mask, biases) = (null, null);
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        switch (reading)
        {
            case Reading.Prefix:
                return prompts.ReadPrefix(layer, q, k, v, bias);
            case Reading.Prompts:
                rows.Fill(layer, k, v, entering.Length);
                keys[layer] = Widen(keys[layer], k);
                values[layer] = Widen(values[layer], v);
                return prompts.Read(layer, q, k, v, bias, entering);
            default:
                return ReadTokens(layer, q, k, v, bias);
        }
    }

    /// <inheritdoc/>
    public override Tensor AttendAcross(int layer, Tensor q) =>
        reading == Reading.Tokens ? sources.Attend(layer, q, beams) : sources.AttendEntered(layer, q, entering);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        prompts.Dispose();
        rows.Dispose();
        sources.Dispose();
        mask?.Dispose();
        biases?.Dispose();
        foreach (var tensor in keys.Concat(values))
        {
            tensor?.Dispose();
        }
    }

    private Tensor ReadTokens(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        using var scope = NewDisposeScope();
        var (sentences, used) = (marks.Sentences, marks.Used);
        var (heads, shared, size) = (q.shape[1], k.shape[1], k.shape[3]);
        var groups = heads / shared;
        var (allKeys, allValues) = (keys[layer]!, values[layer]!);
        allKeys.narrow(2, used - beams, beams).copy_(k.view(sentences, beams, shared, size).transpose(1, 2));
        allValues.narrow(2, used - beams, beams).copy_(v.view(sentences, beams, shared, size).transpose(1, 2));
        var queries = q.reshape(sentences, beams, shared, groups, size).permute(2, 0, 1, 3, 4) / Math.Sqrt(size);
        var own = queries.reshape(shared, sentences, beams * groups, size).transpose(0, 1);
        List<Tensor> scores = [rows.Scores(layer, own), own.matmul(allKeys.narrow(2, 0, used).transpose(2, 3))];
        if (prompts.Prefix(layer) is { } prefix)
        {
            // The prefix is read once for all sentences: their queries are rows of one product.
            var common = queries.reshape(shared, -1, size).matmul(prefix.Keys[0].transpose(1, 2));
            scores.Insert(0, common.view(shared, sentences, beams * groups, prompts.PrefixLength).transpose(0, 1));
        }

        mask ??= Mask(q.device);
        var visible = cat(scores, 3).view(sentences, shared, beams, groups, -1).to(ScalarType.Float32) + mask;
        if (bias is not null)
        {
            biases ??= Biases(bias, q.device);
            visible += biases.view(shared, groups, sentences, 1, -1).permute(2, 0, 3, 1, 4);
        }

        var weights = visible.softmax(-1).to(q.dtype).view(sentences, shared, beams * groups, -1);
        var mixed = weights.narrow(3, prompts.PrefixLength + rows.Capacity, used).matmul(allValues.narrow(2, 0, used))
            + rows.Mix(layer, weights.narrow(3, prompts.PrefixLength, rows.Capacity));
        if (prompts.Prefix(layer) is { } start)
        {
            var common = weights.narrow(3, 0, prompts.PrefixLength).transpose(0, 1).reshape(shared, -1, prompts.PrefixLength).matmul(start.Values[0]);
            mixed += common.view(shared, sentences, beams * groups, size).transpose(0, 1);
        }

        return mixed.view(sentences, shared, beams, groups, size).transpose(1, 2).reshape(sentences * beams, heads, 1, size).MoveToOuterDisposeScope();
    }

    private Tensor Mask(Device device)
    {
        using var scope = NewDisposeScope();
        var own = tensor(marks.Mask(rows.Lengths, rows.Capacity), [marks.Sentences, 1, beams, 1, rows.Capacity + marks.Used]).to(device);
        return nn.functional.pad(own, [prompts.PrefixLength, 0]).DetachFromDisposeScope();
    }

    /// <summary><c>[heads, sentences · (prefix + prompt + used)]</c>.</summary>
    private Tensor Biases(DistanceBias bias, Device device)
    {
        using var scope = NewDisposeScope();
        var far = marks.Distances(prompts.PrefixLength, rows.Capacity);
        return bias.ByDistance((int)far.Max() + 1).to(ScalarType.Float32).index_select(1, tensor(far).to(device)).DetachFromDisposeScope();
    }

    /// <summary>Slots for the sentences that enter as well, as many as <see cref="SlotMarks"/> counts on.</summary>
    private Tensor Widen(Tensor? old, Tensor packed)
    {
        using var scope = NewDisposeScope();
        var room = zeros([marks.Sentences, packed.shape[1], marks.Capacity, packed.shape[3]], packed.dtype, packed.device);
        if (old is not null)
        {
            var kept = Math.Min(old.shape[2], marks.Capacity);
            room.narrow(0, 0, old.shape[0]).narrow(2, 0, kept).copy_(old.narrow(2, 0, kept));
            old.Dispose();
        }

        return room.DetachFromDisposeScope();
    }

    private void Move(SlotMarks.Moves moved)
    {
        using var scope = NewDisposeScope();
        var (heads, capacity) = (keys[0]!.shape[1], keys[0]!.shape[2]);
        var stay = tensor(moved.Sentences).to(keys[0]!.device);
        var slots = tensor(moved.Slots, [moved.Sentences.Length, moved.Capacity]).to(keys[0]!.device);
        var first = (stay.unsqueeze(1) * heads) + arange(heads, device: stay.device).unsqueeze(0);
        var index = ((first.unsqueeze(2) * capacity) + slots.unsqueeze(1)).flatten();
        foreach (var all in new[] { keys, values })
        {
            for (var layer = 0; layer < all.Length; layer++)
            {
                var old = all[layer]!;
                all[layer] = old.flatten(0, 2).index_select(0, index)
                    .view(stay.shape[0], heads, moved.Capacity, old.shape[3]).DetachFromDisposeScope();
                old.Dispose();
            }
        }
    }
}
