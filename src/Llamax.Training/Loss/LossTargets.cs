using Llamax.Corpora.Loading;

namespace Llamax.Training.Loss;

/// <summary>The positions of a batch that are predicted from, and what should come next there.</summary>
/// <param name="Positions">Indices into the flattened batch <c>[rows × columns]</c>, ascending.</param>
/// <param name="Labels">The id that follows each position.</param>
internal sealed record LossTargets(long[] Positions, long[] Labels)
{
    /// <summary>
    /// The targets of a batch: position j of an entry counts where <c>j + 1 &gt;= LossFrom</c> and <c>j + 1 &lt; End</c>.
    /// </summary>
    public static LossTargets Of(TokenBatch batch)
    {
        var positions = new List<long>(batch.InputIds.Length);
        var labels = new List<long>(batch.InputIds.Length);
        for (var row = 0; row < batch.Rows; row++)
        {
            foreach (var segment in batch.Segments(row))
            {
                for (var next = segment.LossFrom; next < segment.End; next++)
                {
                    var cell = (row * batch.Columns) + next;
                    positions.Add(cell - 1);
                    labels.Add(batch.InputIds[cell]);
                }
            }
        }

        return new LossTargets([.. positions], [.. labels]);
    }
}
