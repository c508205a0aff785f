using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary><see cref="TokenRules"/> for the beams of a batch.</summary>
/// <param name="rules">The rules.</param>
/// <param name="sentences">The sentences of the batch.</param>
/// <param name="beams">Rows of each sentence.</param>
/// <param name="onLogits">Whether scores are logits, as in greedy search, or logarithms of probabilities.</param>
internal sealed class RowRules(TokenRules rules, IReadOnlyList<BeamSentence> sentences, int beams, bool onLogits)
{
    /// <summary>Whether scores are logits, or logarithms of probabilities.</summary>
    public bool OnLogits => onLogits;

    /// <summary>Changes the scores of a row where they lie.</summary>
    public void Apply(Span<float> logits, float total, int row)
    {
        var sentence = sentences[row / beams];
        rules.Apply(logits, total, sentence.Prompt.Ids, sentence.Written(row % beams));
    }

    /// <summary>The same by tensor operations: <paramref name="scores"/> with the scores of the touched tokens changed.</summary>
    public Tensor Apply(Tensor scores)
    {
        using var scope = NewDisposeScope();
        var (repeated, blocked) = (new List<long>(), new List<long>());
        for (var row = 0; row < scores.shape[0]; row++)
        {
            var sentence = sentences[row / beams];
            var ids = TokenRules.Join(sentence.Prompt.Ids, sentence.Written(row % beams));
            repeated.AddRange(rules.Repeated(ids).Select(id => (row * scores.shape[1]) + id));
            blocked.AddRange(rules.Blocked(ids).Select(id => (row * scores.shape[1]) + id));
        }

        var flat = scores.flatten();
        if (repeated.Count > 0)
        {
            var places = tensor(repeated.ToArray()).to(scores.device);
            var changed = Array.ConvertAll(flat.index_select(0, places).cpu().data<float>().ToArray(), rules.Punish);
            flat = flat.index_copy(0, places, tensor(changed).to(scores.device));
        }

        if (blocked.Count > 0)
        {
            flat = flat.index_fill(0, tensor(blocked.ToArray()).to(scores.device), float.NegativeInfinity);
        }

        return flat.view(scores.shape).MoveToOuterDisposeScope();
    }
}
