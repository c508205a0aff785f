namespace Llamax.Translation.Generation;

/// <summary>
/// The best closed hypotheses of a sentence, at most as many as there are beams, and the rule by which the sentence is done.
/// </summary>
internal sealed class BeamPool(int beams, double lengthPenalty, EarlyStopping early)
{
    private readonly double[] scores = new double[beams];
    private readonly int[][] texts = new int[beams][];
    private readonly int[] ends = new int[beams];
    private int count;

    /// <summary>Adds a hypothesis where it is among the best.</summary>
    /// <param name="sum">Sum of log-probabilities.</param>
    /// <param name="length">New tokens, the end token included.</param>
    /// <param name="written">Its tokens, without the end token.</param>
    /// <param name="end">The end token, or −1.</param>
    public void Add(double sum, int length, ReadOnlySpan<int> written, int end)
    {
        var score = sum / Math.Pow(length, lengthPenalty);
        if (count == beams)
        {
            var worst = WorstPlace();
            if (score <= scores[worst])
            {
                return;
            }

            // The rest moves up, so that among equal scores the order of closing stays visible.
            Array.Copy(scores, worst + 1, scores, worst, beams - worst - 1);
            Array.Copy(texts, worst + 1, texts, worst, beams - worst - 1);
            Array.Copy(ends, worst + 1, ends, worst, beams - worst - 1);
            count--;
        }

        (scores[count], texts[count], ends[count]) = (score, written.ToArray(), end);
        count++;
    }

    /// <summary>Whether no running beam can improve the pool any more, by the chosen rule.</summary>
    /// <param name="bestSum">The best sum of log-probabilities among this step's candidates, end tokens included.</param>
    /// <param name="length">New tokens so far, this step's included.</param>
    /// <param name="maxLength">Most new tokens of this sentence.</param>
    public bool IsDone(double bestSum, int length, int maxLength)
    {
        if (count < beams)
        {
            return false;
        }

        var attainableLength = early == EarlyStopping.Never && lengthPenalty > 0 ? maxLength : length;
        return early == EarlyStopping.True || scores[WorstPlace()] >= bestSum / Math.Pow(attainableLength, lengthPenalty);
    }

    /// <summary>The best hypotheses, best first; of equal ones the one closed later first, as the reference has it.</summary>
    public Hypothesis[] Best(int wanted) =>
        [.. Enumerable.Range(0, count)
            .OrderByDescending(place => scores[place]).ThenByDescending(place => place)
            .Take(wanted)
            .Select(place => new Hypothesis(texts[place], scores[place], ends[place] < 0 ? null : ends[place]))];

    private int WorstPlace()
    {
        var worst = 0;
        for (var place = 1; place < count; place++)
        {
            worst = scores[place] < scores[worst] ? place : worst;
        }

        return worst;
    }
}
