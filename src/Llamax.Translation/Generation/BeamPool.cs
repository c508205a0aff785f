namespace Llamax.Translation.Generation;

/// <summary>
/// The best closed hypotheses of each sentence of a batch, at most as many as there are beams, and the rule by which a
/// sentence is done. Flat arrays; a hypothesis is a node of the <see cref="BeamHistory"/>.
/// </summary>
internal sealed class BeamPool(int sentences, int beams, double lengthPenalty, EarlyStopping early)
{
    private readonly int[] counts = new int[sentences];
    private readonly double[] scores = new double[sentences * beams];
    private readonly int[] nodes = new int[sentences * beams];
    private readonly int[] ends = new int[sentences * beams];

    /// <summary>Adds a hypothesis where it is among the best.</summary>
    /// <param name="sentence">Index in the batch.</param>
    /// <param name="sum">Sum of log-probabilities.</param>
    /// <param name="length">New tokens, the end token included.</param>
    /// <param name="node">Its last token before the end token.</param>
    /// <param name="end">The end token, or −1.</param>
    public void Add(int sentence, double sum, int length, int node, int end)
    {
        var score = sum / Math.Pow(length, lengthPenalty);
        var first = sentence * beams;
        if (counts[sentence] == beams)
        {
            var worst = WorstPlace(sentence);
            if (score <= scores[worst])
            {
                return;
            }

            // The rest moves up, so that among equal scores the order of closing stays visible.
            var after = first + beams - worst - 1;
            Array.Copy(scores, worst + 1, scores, worst, after);
            Array.Copy(nodes, worst + 1, nodes, worst, after);
            Array.Copy(ends, worst + 1, ends, worst, after);
            counts[sentence]--;
        }

        var place = first + counts[sentence]++;
        (scores[place], nodes[place], ends[place]) = (score, node, end);
    }

    /// <summary>Whether no running beam can improve the pool any more, by the chosen rule.</summary>
    /// <param name="sentence">Index in the batch.</param>
    /// <param name="bestSum">The best sum of log-probabilities among this step's candidates, end tokens included.</param>
    /// <param name="length">New tokens so far, this step's included.</param>
    /// <param name="maxLength">Most new tokens of this sentence.</param>
    public bool IsDone(int sentence, double bestSum, int length, int maxLength)
    {
        if (counts[sentence] < beams)
        {
            return false;
        }

        var attainableLength = early == EarlyStopping.Never && lengthPenalty > 0 ? maxLength : length;
        return early == EarlyStopping.True
            || scores[WorstPlace(sentence)] >= bestSum / Math.Pow(attainableLength, lengthPenalty);
    }

    /// <summary>The best hypotheses, best first; of equal ones the one closed later first, as the reference has it.</summary>
    public Hypothesis[] Best(int sentence, int count, BeamHistory history)
    {
        var first = sentence * beams;
        return [.. Enumerable.Range(first, counts[sentence])
            .OrderByDescending(place => scores[place]).ThenByDescending(place => place)
            .Take(count)
            .Select(place => new Hypothesis(history.Read(nodes[place]), scores[place], ends[place] < 0 ? null : ends[place]))];
    }

    private int WorstPlace(int sentence)
    {
        var worst = sentence * beams;
        for (var place = worst + 1; place < (sentence * beams) + counts[sentence]; place++)
        {
            worst = scores[place] < scores[worst] ? place : worst;
        }

        return worst;
    }
}
