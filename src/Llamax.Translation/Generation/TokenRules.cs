namespace Llamax.Translation.Generation;

/// <summary>
/// What is held against tokens that a text has already: Hugging Face's repetition penalty (Keskar et al., 2019) and n-gram
/// block, in their order. Only the scores of such tokens are touched.
/// </summary>
/// <param name="penalty">Above 1, scores of tokens that are in the prompt or the text are lowered; 1 changes nothing.</param>
/// <param name="block">No sequence of so many tokens comes twice; 0 allows all.</param>
internal sealed class TokenRules(double penalty, int block)
{
    /// <summary>Whether there is anything to do.</summary>
    public bool Any => penalty != 1 || block > 0;

    /// <summary>Changes the scores of a text's next token.</summary>
    /// <param name="logits">One per token of the vocabulary.</param>
    /// <param name="total">What scores are less than logits: 0, or what makes logarithms of probabilities of them.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="written">The text so far.</param>
    public void Apply(Span<float> logits, float total, IReadOnlyList<int> prompt, ReadOnlySpan<int> written)
    {
        var ids = Join(prompt, written);
        foreach (var id in Repeated(ids))
        {
            logits[id] = Punish(logits[id] - total) + total;
        }

        foreach (var id in Blocked(ids))
        {
            logits[id] = float.NegativeInfinity;
        }
    }

    /// <summary>The score of a token that is in the text already.</summary>
    public float Punish(float score) => score < 0 ? score * (float)penalty : score / (float)penalty;

    /// <summary>Prompt and text.</summary>
    public static int[] Join(IReadOnlyList<int> prompt, ReadOnlySpan<int> written) => [.. prompt, .. written];

    /// <summary>The tokens whose score is lowered, each once.</summary>
    public IEnumerable<int> Repeated(int[] ids) => penalty == 1 ? [] : ids.Distinct();

    /// <summary>The tokens that would make a sequence come again.</summary>
    public List<int> Blocked(int[] ids)
    {
        var blocked = new List<int>();
        if (block > 0 && ids.Length >= block)
        {
            var last = ids.AsSpan(ids.Length - block + 1);
            for (var i = 0; i + block <= ids.Length; i++)
            {
                if (ids.AsSpan(i, block - 1).SequenceEqual(last))
                {
                    blocked.Add(ids[i + block - 1]);
                }
            }
        }

        return blocked;
    }
}
