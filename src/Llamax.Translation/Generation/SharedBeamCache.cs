using Llamax.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Translation.Generation;

/// <summary>
/// Keys and values of a batch of sentences whose beams share what they have in common. A sentence has one row of slots:
/// first its prompt, then one slot per beam and step. Each beam sees the prompt and the slots of its own ancestors; when
/// beams are chosen anew only these marks move, never keys or values. When the room is used up, or sentences have
/// ended, the slots that no beam sees any more are dropped in one pass. As beams descend from few ancestors, a sentence
/// takes little more memory than one beam would, and the attention of all its beams is one matrix product.
/// </summary>
internal sealed class SharedBeamCache : AttentionContext, IDisposable
{
    // Steps between two passes: each pass copies the cache once, and each step leaves up to beams − 1 dead slots.
    private const int StepsBetweenPasses = 16;

    private readonly CausalAttention causal = new();
    private readonly Tensor[] keys, values; // [sentences, kv_heads, capacity, head_dim]
    private readonly int beams;
    private int sentences, used, capacity;
    private bool[] sees; // [sentences, beams, capacity]
    private Tensor? mask; // [sentences, 1, beams × query heads per key head, used]: 0 or −∞

    /// <summary>An empty cache; the first call of the model has to be the right-padded prompts.</summary>
    /// <param name="layers">The model's number of layers.</param>
    /// <param name="promptLengths">Tokens of each prompt.</param>
    /// <param name="beams">Beams per sentence.</param>
    public SharedBeamCache(int layers, int[] promptLengths, int beams)
    {
        (keys, values) = (new Tensor[layers], new Tensor[layers]);
        this.beams = beams;
        (sentences, used) = (promptLengths.Length, promptLengths.Max());
        capacity = used + (beams * StepsBetweenPasses);
        sees = new bool[sentences * beams * capacity];
        for (var row = 0; row < sentences * beams; row++)
        {
            sees.AsSpan(row * capacity, promptLengths[row / beams]).Fill(true);
        }
    }

    /// <summary>Prepares the next token of each beam.</summary>
    /// <param name="kept">The sentences that go on, as places among those of the last call, ascending.</param>
    /// <param name="parents">For each beam of the kept sentences, the beam (in the sentence) that it continues.</param>
    public void Advance(ReadOnlySpan<int> kept, ReadOnlySpan<int> parents)
    {
        var marks = new bool[kept.Length * beams * capacity];
        for (var row = 0; row < kept.Length * beams; row++)
        {
            sees.AsSpan(((kept[row / beams] * beams) + parents[row]) * capacity, used).CopyTo(marks.AsSpan(row * capacity));
        }

        sees = marks;
        if (kept.Length < sentences || used + beams > capacity)
        {
            DropUnseen(kept);
        }

        for (var row = 0; row < sentences * beams; row++)
        {
            sees[(row * capacity) + used + (row % beams)] = true;
        }

        used += beams;
        mask?.Dispose();
        mask = null;
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        var (kvHeads, size) = (k.shape[1], k.shape[3]);
        if (keys[layer] is null)
        {
            keys[layer] = Allocate(k);
            values[layer] = Allocate(v);
            return causal.Attend(layer, q, k, v);
        }

        var groups = q.shape[1] / kvHeads;
        keys[layer].narrow(2, used - beams, beams).copy_(k.view(sentences, beams, kvHeads, size).transpose(1, 2));
        values[layer].narrow(2, used - beams, beams).copy_(v.view(sentences, beams, kvHeads, size).transpose(1, 2));
        mask ??= Mask(groups, q.dtype, q.device);
        var mixed = F.scaled_dot_product_attention(
            q.view(sentences, beams, kvHeads, groups, size).transpose(1, 2).reshape(sentences, kvHeads, beams * groups, size),
            keys[layer].narrow(2, 0, used),
            values[layer].narrow(2, 0, used),
            attn_mask: mask);
        return mixed.view(sentences, kvHeads, beams, groups, size).transpose(1, 2).reshape(sentences * beams, kvHeads * groups, 1, size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mask?.Dispose();
        for (var layer = 0; layer < keys.Length; layer++)
        {
            keys[layer]?.Dispose();
            values[layer]?.Dispose();
        }
    }

    /// <summary>Room for the prompts and the first steps, holding the prompts' keys or values.</summary>
    private Tensor Allocate(Tensor prompts)
    {
        var room = empty([sentences, prompts.shape[1], capacity, prompts.shape[3]], prompts.dtype, prompts.device);
        using var filled = room.narrow(2, 0, prompts.shape[2]);
        filled.copy_(prompts);
        return room.DetachFromDisposeScope();
    }

    private Tensor Mask(long groups, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var marks = new float[sentences * beams * used];
        for (var row = 0; row < sentences * beams; row++)
        {
            var from = sees.AsSpan(row * capacity, used);
            var to = marks.AsSpan(row * used, used);
            for (var slot = 0; slot < used; slot++)
            {
                to[slot] = from[slot] ? 0 : float.NegativeInfinity;
            }
        }

        return tensor(marks, [sentences, 1, beams, 1, used]).to(type, device)
            .expand(sentences, 1, beams, groups, used).reshape(sentences, 1, beams * groups, used)
            .DetachFromDisposeScope();
    }

    /// <summary>Moves the slots that some beam sees to the front, for the kept sentences only, and makes new room behind them.</summary>
    private void DropUnseen(ReadOnlySpan<int> kept)
    {
        var live = new List<int>[kept.Length];
        for (var sentence = 0; sentence < kept.Length; sentence++)
        {
            live[sentence] = [];
            for (var slot = 0; slot < used; slot++)
            {
                for (var beam = 0; beam < beams; beam++)
                {
                    if (sees[(((sentence * beams) + beam) * capacity) + slot])
                    {
                        live[sentence].Add(slot);
                        break;
                    }
                }
            }
        }

        var newUsed = live.Max(slots => slots.Count);
        var newCapacity = newUsed + (beams * StepsBetweenPasses);
        var marks = new bool[kept.Length * beams * newCapacity];
        for (var row = 0; row < kept.Length * beams; row++)
        {
            var slots = live[row / beams];
            for (var slot = 0; slot < slots.Count; slot++)
            {
                marks[(row * newCapacity) + slot] = sees[(row * capacity) + slots[slot]];
            }
        }

        MoveSlots(kept, live, newCapacity);
        (sees, sentences, used, capacity) = (marks, kept.Length, newUsed, newCapacity);
    }

    private void MoveSlots(ReadOnlySpan<int> kept, List<int>[] live, int newCapacity)
    {
        using var scope = NewDisposeScope();
        var heads = (int)keys[0].shape[1];
        var rows = new long[kept.Length * heads * newCapacity]; // What stays 0 fills room that is not used yet.
        for (var sentence = 0; sentence < kept.Length; sentence++)
        {
            for (var head = 0; head < heads; head++)
            {
                var (from, to) = (((kept[sentence] * heads) + head) * (long)capacity, ((sentence * heads) + head) * newCapacity);
                for (var slot = 0; slot < live[sentence].Count; slot++)
                {
                    rows[to + slot] = from + live[sentence][slot];
                }
            }
        }

        var index = tensor(rows).to(keys[0].device);
        foreach (var layers in new[] { keys, values })
        {
            for (var layer = 0; layer < layers.Length; layer++)
            {
                var old = layers[layer];
                layers[layer] = old.flatten(0, 2).index_select(0, index)
                    .view(kept.Length, heads, newCapacity, old.shape[3]).DetachFromDisposeScope();
                old.Dispose();
            }
        }
    }
}
