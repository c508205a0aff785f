using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// Keys and values of prompts, or of encoded sources, from torch's own operations: one row for each sentence, which stays
/// where it is while beams are chosen anew and while other sentences leave. A row that is free goes to one that enters; rows
/// move only when there are too few, when half of them are free, or when all prompts are half as long as the room.
/// </summary>
internal sealed class PromptRows(int layers) : IDisposable
{
    // More rows than are needed, as a part of them: what enters is shorter than what left, so that there are more and more.
    private const int SpareShare = 8;

    private readonly Tensor?[] keys = new Tensor?[layers], values = new Tensor?[layers]; // [rows, kv_heads, capacity, head_dim]
    private int[] places = []; // The row of each sentence.
    private int[] lengths = []; // Tokens of each sentence's prompt.
    private int rows;
    private Tensor? index; // Places on the device; null where it has to be made.

    /// <summary>Tokens that a row has room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Tokens of each sentence's prompt.</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>Memory that it takes.</summary>
    public long Bytes => keys.Concat(values).OfType<Tensor>().Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>How often rows were copied.</summary>
    public int Copies { get; private set; }

    /// <summary>Sentences enter behind the others.</summary>
    public void Enter(ReadOnlySpan<int> added)
    {
        int[] all = [.. lengths, .. added];
        var longest = all.Max();
        if (all.Length > rows || longest > Capacity || longest * 2 <= Capacity)
        {
            Rebuild(all.Length + (all.Length / SpareShare), longest);
        }

        places = [.. places, .. Enumerable.Range(0, rows).Except(places).Take(added.Length)];
        lengths = all;
        Forget();
    }

    /// <summary>Keys and values of the sentences that entered last, one after the other, <c>[1, kv_heads, total length, head_dim]</c>.</summary>
    public void Fill(int layer, Tensor k, Tensor v, int entered)
    {
        foreach (var (all, packed) in new[] { (keys, k), (values, v) })
        {
            var room = all[layer] ??= zeros([rows, packed.shape[1], Capacity, packed.shape[3]], packed.dtype, packed.device).DetachFromDisposeScope();
            var start = 0L;
            for (var i = places.Length - entered; i < places.Length; i++)
            {
                room[places[i]].narrow(1, 0, lengths[i]).copy_(packed[0].narrow(1, start, lengths[i]));
                start += lengths[i];
            }
        }
    }

    /// <summary>Sentences leave; those at <paramref name="kept"/> stay.</summary>
    public void Leave(ReadOnlySpan<int> kept)
    {
        (places, lengths) = (Pick(places, kept), Pick(lengths, kept));
        if (places.Length * 2 <= rows)
        {
            Rebuild(places.Length, lengths.DefaultIfEmpty().Max());
        }

        Forget();
    }

    /// <summary>Key and value heads.</summary>
    public long Heads(int layer) => keys[layer]!.shape[1];

    /// <summary>Keys and values of one sentence, <c>[1, kv_heads, length, head_dim]</c>.</summary>
    public (Tensor Keys, Tensor Values) Row(int layer, int sentence) => (Row(keys[layer]!, sentence), Row(values[layer]!, sentence));

    /// <summary>What queries make of the prompts: <c>[sentences, kv_heads, queries, head_dim]</c> to <c>[sentences, kv_heads, queries, capacity]</c>.</summary>
    public Tensor Scores(int layer, Tensor queries) => FromRows(ToRows(queries).matmul(keys[layer]!.transpose(2, 3)));

    /// <summary>The values, weighted: <c>[sentences, kv_heads, queries, capacity]</c> to <c>[sentences, kv_heads, queries, head_dim]</c>.</summary>
    public Tensor Mix(int layer, Tensor weights) => FromRows(ToRows(weights).matmul(values[layer]!));

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        foreach (var all in new[] { keys, values })
        {
            for (var layer = 0; layer < layers; layer++)
            {
                all[layer]?.Dispose();
                all[layer] = null;
            }
        }
    }

    private Tensor Row(Tensor all, int sentence) => all.narrow(0, places[sentence], 1).narrow(2, 0, lengths[sentence]);

    private static int[] Pick(int[] all, ReadOnlySpan<int> kept) => Array.ConvertAll(kept.ToArray(), place => all[place]);

    /// <summary>Whether sentences and rows are the same in the same order.</summary>
    private bool InOrder => places.Length == rows && places.Index().All(pair => pair.Index == pair.Item);

    private Tensor ToRows(Tensor ofSentences) => InOrder ? ofSentences
        : zeros([rows, .. ofSentences.shape[1..]], ofSentences.dtype, ofSentences.device).index_copy_(0, Index(ofSentences.device), ofSentences);

    private Tensor FromRows(Tensor ofRows) => InOrder ? ofRows : ofRows.index_select(0, Index(ofRows.device));

    private Tensor Index(Device device) => index ??= tensor(Array.ConvertAll(places, place => (long)place)).to(device).DetachFromDisposeScope();

    private void Forget()
    {
        index?.Dispose();
        index = null;
    }

    /// <summary>Copies the sentences' rows to the first ones of new memory.</summary>
    private void Rebuild(int newRows, int newCapacity)
    {
        if (newRows == 0)
        {
            Dispose();
        }
        else if (keys[0] is not null)
        {
            using var scope = NewDisposeScope();
            var from = tensor(Array.ConvertAll(places, place => (long)place)).to(keys[0]!.device);
            var kept = Math.Min(Capacity, newCapacity);
            foreach (var all in new[] { keys, values })
            {
                for (var layer = 0; layer < layers; layer++)
                {
                    var old = all[layer]!;
                    var room = zeros([newRows, old.shape[1], newCapacity, old.shape[3]], old.dtype, old.device);
                    room.narrow(0, 0, places.Length).narrow(2, 0, kept).copy_(old.narrow(2, 0, kept).index_select(0, from));
                    all[layer] = room.DetachFromDisposeScope();
                    old.Dispose();
                }
            }

            Copies++;
        }

        (rows, Capacity) = (newRows, newCapacity);
        places = [.. Enumerable.Range(0, places.Length)];
    }
}
