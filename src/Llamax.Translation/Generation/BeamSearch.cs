using Llamax.Models;

namespace Llamax.Translation.Generation;

/// <summary>
/// Greedy and beam search, batched. Identical to Hugging Face transformers 4.40 to 4.44 to the token, whatever texts
/// share a batch. A model may be used by one search at a time.
/// </summary>
/// <param name="model">The model; it stays the caller's.</param>
/// <param name="endIds">Tokens that end a text; the model's own where null.</param>
public sealed class BeamSearch(CausalLanguageModel model, IReadOnlyCollection<int>? endIds = null)
{
    private readonly IReadOnlyCollection<int> ends = endIds ?? model.Config.EosIds;

    /// <summary>Generates continuations of each prompt.</summary>
    /// <param name="prompts">Token ids, BOS included; at least one each.</param>
    /// <param name="options">How to search.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>For each prompt, in the order given, its hypotheses, best first.</returns>
    /// <exception cref="LlamaxException">An option is out of range, or a prompt leaves no room in the model's positions.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Generate(
        IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        for (var i = 0; i < prompts.Count; i++)
        {
            PromptCheck.Check(prompts[i], i + 1, model.Config);
        }

        var results = new IReadOnlyList<Hypothesis>[prompts.Count];
        foreach (var batch in Batches(prompts, options.BatchTokens))
        {
            using var search = new BeamBatch(model, [.. batch.Select(i => prompts[i])], ends, options);
            var found = search.Run(cancellationToken);
            for (var i = 0; i < batch.Count; i++)
            {
                results[batch[i]] = found[i];
            }
        }

        return results;
    }

    /// <summary>Numbers of prompts that go together: similar lengths, longest first, within the budget.</summary>
    internal static IEnumerable<List<int>> Batches(IReadOnlyList<int[]> prompts, int budget)
    {
        var batch = new List<int>();
        foreach (var i in Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Length))
        {
            if (batch.Count > 0 && (long)(batch.Count + 1) * prompts[batch[0]].Length > budget)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(i);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
