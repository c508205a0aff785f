using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Benchmarks.Baseline;

/// <summary>
/// Beam search as one writes it down over tensors: prompts are padded on the left and repeated for each beam, the cache
/// is concatenated and reordered as a whole at each step, and a batch runs until its last sentence ends.
/// </summary>
public static class PlainBeamSearch
{
    /// <summary>The best beam of each prompt in batches of sentences of similar length.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="beams">Beams of each.</param>
    /// <param name="lengths">Tokens to write for each; there is no end token.</param>
    /// <param name="budget">Sentences × longest prompt of a batch.</param>
    public static long[][] Run(CausalLanguageModel model, IReadOnlyList<int[]> prompts, int beams, IReadOnlyList<int> lengths, int budget)
    {
        var results = new long[prompts.Count][];
        var order = Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Length).ToList();
        for (var first = 0; first < order.Count;)
        {
            var batch = order.Skip(first).Take(Math.Max(1, budget / prompts[order[first]].Length)).ToList();
            var found = RunBatch(model, [.. batch.Select(i => prompts[i])], beams, [.. batch.Select(i => lengths[i])]);
            for (var i = 0; i < batch.Count; i++)
            {
                results[batch[i]] = found[i];
            }

            first += batch.Count;
        }

        return results;
    }

    private static long[][] RunBatch(CausalLanguageModel model, IReadOnlyList<int[]> prompts, int beams, int[] lengths)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (count, longest, vocabulary) = (prompts.Count, prompts.Max(prompt => prompt.Length), model.Config.VocabularySize);
        var (ids, mask) = (zeros([count, longest], ScalarType.Int64), zeros([count, longest], ScalarType.Int64));
        for (var i = 0; i < count; i++)
        {
            var length = prompts[i].Length;
            ids[i].narrow(0, longest - length, length).copy_(tensor(Array.ConvertAll(prompts[i], id => (long)id)));
            mask[i].narrow(0, longest - length, length).fill_(1);
        }

        ids = ids.repeat_interleave(beams, 0);
        mask = mask.repeat_interleave(beams, 0);
        using var cache = new Cache(model.Config.Layers);
        var positions = (mask.cumsum(-1) - 1).clamp_min(0);
        var scores = full([count, beams], -1e9f);
        scores.index_fill_(1, tensor(0L).unsqueeze(0), 0);
        var input = ids;
        var written = empty([count * beams, 0], ScalarType.Int64);
        var results = new long[count][];
        for (var step = 1; step <= lengths.Max(); step++)
        {
            using var inner = NewDisposeScope();
            cache.Prepare(mask, input.shape[1]);
            var hidden = model.Hidden(input, positions, cache);
            var logs = F.log_softmax(model.Logits(hidden.select(1, -1)), -1) + scores.view(-1, 1);
            var (best, index) = logs.view(count, -1).topk(2 * beams, -1);
            var (chosen, kept) = (index.narrow(1, 0, beams), best.narrow(1, 0, beams));
            var rows = ((chosen / vocabulary).floor().to(ScalarType.Int64) + (arange(count) * beams).unsqueeze(1)).flatten();
            var tokens = (chosen % vocabulary).view(-1, 1);
            cache.Reorder(rows);
            scores = kept.clone().MoveToOuterDisposeScope();
            written = cat([written.index_select(0, rows), tokens], 1).MoveToOuterDisposeScope();
            mask = cat([mask, ones([count * beams, 1], ScalarType.Int64)], 1).MoveToOuterDisposeScope();
            positions = (mask.sum(-1, keepdim: true) - 1).MoveToOuterDisposeScope();
            input = tokens.MoveToOuterDisposeScope();
            for (var i = 0; i < count; i++)
            {
                if (lengths[i] == step)
                {
                    results[i] = written[i * beams].data<long>().ToArray();
                }
            }
        }

        return results;
    }

    private sealed class Cache(int layers) : AttentionContext, IDisposable
    {
        private readonly Tensor?[] keys = new Tensor?[layers];
        private readonly Tensor?[] values = new Tensor?[layers];
        private Tensor? visible;

        public void Prepare(Tensor mask, long added)
        {
            visible = mask.to(ScalarType.Bool).view(mask.shape[0], 1, 1, -1);
            if (added > 1)
            {
                // Padding sees itself: a row that sees nothing would be no number.
                visible = visible & ones([added, added], ScalarType.Bool).tril() | eye(added, added, ScalarType.Bool);
            }
        }

        public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
        {
            keys[layer] = Append(keys[layer], k);
            values[layer] = Append(values[layer], v);
            return F.scaled_dot_product_attention(q, Repeat(q.shape[1], keys[layer]!), Repeat(q.shape[1], values[layer]!), attn_mask: visible);
        }

        public void Reorder(Tensor rows)
        {
            foreach (var all in new[] { keys, values })
            {
                for (var layer = 0; layer < all.Length; layer++)
                {
                    var old = all[layer]!;
                    all[layer] = old.index_select(0, rows).DetachFromDisposeScope();
                    old.Dispose();
                }
            }
        }

        public void Dispose()
        {
            foreach (var tensor in keys.Concat(values))
            {
                tensor?.Dispose();
            }
        }

        private static Tensor Append(Tensor? old, Tensor added)
        {
            var all = (old is null ? added.clone() : cat([old, added], 2)).DetachFromDisposeScope();
            old?.Dispose();
            return all;
        }
    }
}
