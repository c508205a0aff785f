using Llamax.Models;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>
/// The beam search of one batch, with the rules of Hugging Face transformers 4.40 to 4.44. Arrays are indexed by the
/// sentence's number in the batch × beams + beam; tensors hold only the sentences that still run.
/// </summary>
internal sealed class BeamBatch : IDisposable
{
    private readonly CausalLanguageModel model;
    private readonly IReadOnlyList<int[]> prompts;
    private readonly IReadOnlyCollection<int> endIds;
    private readonly int beams, hypotheses;
    private readonly int[] maxLengths;
    private readonly BeamPool pool;
    private readonly BeamHistory history = new();
    private readonly CandidateList candidates;
    private readonly SharedBeamCache cache;
    private readonly bool[] done;
    private readonly float[] sums;
    private readonly int[] nodes, tokens, parents;
    private int[] running; // Numbers of the sentences in the tensors, in their order.

    public BeamBatch(CausalLanguageModel model, IReadOnlyList<int[]> prompts, IReadOnlyCollection<int> endIds, GenerationOptions options)
    {
        (this.model, this.prompts, this.endIds) = (model, prompts, endIds);
        (beams, hypotheses) = (options.Beams, options.Hypotheses);
        maxLengths = [.. prompts.Select(prompt => Math.Min(options.MaxNewTokens, model.Config.MaxPositions - prompt.Length))];

        // Greedy search ends with the first end token, whatever is asked of a search among several.
        pool = new BeamPool(prompts.Count, beams, options.LengthPenalty, beams == 1 ? EarlyStopping.True : options.EarlyStopping);
        candidates = new CandidateList(prompts.Count, Math.Max(2, 1 + endIds.Count) * beams);
        cache = new SharedBeamCache(model.Config.Layers, [.. prompts.Select(prompt => prompt.Length)], beams);
        done = new bool[prompts.Count];
        sums = new float[prompts.Count * beams];
        (nodes, tokens, parents) = (new int[sums.Length], new int[sums.Length], new int[sums.Length]);
        nodes.AsSpan().Fill(BeamHistory.Root);
        running = [.. Enumerable.Range(0, prompts.Count)];
    }

    public Hypothesis[][] Run(CancellationToken cancellationToken)
    {
        using var inference = inference_mode();
        using (var scope = NewDisposeScope())
        {
            // Before the first token a sentence has one beam.
            candidates.Fill(ReadPrompts(), new float[prompts.Count], prompts.Count);
        }

        for (var length = 1; ; length++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var place = 0; place < running.Length; place++)
            {
                if (!done[running[place]])
                {
                    Choose(place, length);
                }
            }

            if (Array.TrueForAll(done, isDone => isDone))
            {
                return [.. Enumerable.Range(0, prompts.Count).Select(sentence => pool.Best(sentence, hypotheses, history))];
            }

            DropDone();
            using var scope = NewDisposeScope();
            candidates.Fill(ReadTokens(length), Gather(sums), running.Length);
        }
    }

    public void Dispose() => cache.Dispose();

    /// <summary>Extends the beams of a sentence by the best of its candidates.</summary>
    /// <param name="place">The sentence's place in the tensors.</param>
    /// <param name="length">New tokens of a beam, this step's included.</param>
    private void Choose(int place, int length)
    {
        var (sentence, first, found) = (running[place], place * candidates.PerSentence, 0);
        Span<int> before = stackalloc int[beams];
        nodes.AsSpan(sentence * beams, beams).CopyTo(before);
        for (var rank = 0; rank < candidates.Count(place) && found < beams; rank++)
        {
            var (token, beam, sum) = (candidates.Tokens[first + rank], candidates.Beams[first + rank], candidates.Scores[first + rank]);
            if (endIds.Contains(token))
            {
                if (rank < beams)
                {
                    pool.Add(sentence, sum, length, before[beam], token);
                }

                continue;
            }

            var row = (sentence * beams) + found++;
            (sums[row], tokens[row], parents[row], nodes[row]) = (sum, token, beam, history.Add(token, before[beam]));
        }

        if (found < beams)
        {
            throw new LlamaxException(
                "The model's logits are not numbers, or its vocabulary is smaller than the search needs: check the model with `llamax model check`.");
        }

        done[sentence] = pool.IsDone(sentence, candidates.Scores[first], length, maxLengths[sentence]);
        if (!done[sentence] && length == maxLengths[sentence])
        {
            done[sentence] = true;
            for (var row = sentence * beams; row < (sentence + 1) * beams; row++)
            {
                pool.Add(sentence, sums[row], length, nodes[row], -1);
            }
        }
    }

    /// <summary>
    /// Takes the ended sentences out of the tensors when they are an eighth of them: taking out copies the cache once,
    /// leaving in computes their rows in vain.
    /// </summary>
    private void DropDone()
    {
        var ended = running.Count(sentence => done[sentence]);
        int[] kept = [.. Enumerable.Range(0, running.Length).Where(place => ended * 8 < running.Length || !done[running[place]])];
        running = [.. kept.Select(place => running[place])];
        cache.Advance(kept, Gather(parents));
    }

    /// <summary>The logits after each prompt, <c>[sentences, vocabulary]</c>.</summary>
    private Tensor ReadPrompts()
    {
        var longest = prompts.Max(prompt => prompt.Length);
        var ids = new long[prompts.Count * longest];
        var last = new long[prompts.Count];
        for (var sentence = 0; sentence < prompts.Count; sentence++)
        {
            var prompt = prompts[sentence];
            for (var i = 0; i < prompt.Length; i++)
            {
                ids[(sentence * longest) + i] = prompt[i];
            }

            last[sentence] = (sentence * longest) + prompt.Length - 1;
        }

        // Padding stands on the right, where no token of a prompt sees it.
        var device = model.Device;
        var hidden = model.Hidden(tensor(ids, [prompts.Count, longest]).to(device), arange(longest, device: device).unsqueeze(0), cache);
        return model.Logits(hidden.flatten(0, 1).index_select(0, tensor(last).to(device)));
    }

    /// <summary>The logits after the newest tokens, <c>[running × beams, vocabulary]</c>.</summary>
    private Tensor ReadTokens(int length)
    {
        var rows = running.Length * beams;
        var ids = Array.ConvertAll(Gather(tokens), token => (long)token);
        var positions = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            positions[row] = prompts[running[row / beams]].Length + length - 1;
        }

        var device = model.Device;
        var hidden = model.Hidden(tensor(ids, [rows, 1]).to(device), tensor(positions, [rows, 1]).to(device), cache);
        return model.Logits(hidden.flatten(0, 1));
    }

    /// <summary>The values of the running sentences, in the order of the tensors.</summary>
    private T[] Gather<T>(T[] values)
    {
        var gathered = new T[running.Length * beams];
        for (var place = 0; place < running.Length; place++)
        {
            values.AsSpan(running[place] * beams, beams).CopyTo(gathered.AsSpan(place * beams));
        }

        return gathered;
    }
}
