namespace Llamax.Corpora.Loading;

/// <summary>
/// A batch of entries, padded on the right with 0. The label of position j is the input at j + 1; it counts where
/// <c>j + 1 &gt;= LossFrom[row]</c> and <c>j + 1 &lt; Lengths[row]</c>. The first id of a row is never a label.
/// </summary>
/// <param name="Rows">Number of entries.</param>
/// <param name="Columns">Length of the longest of them.</param>
/// <param name="InputIds">Row by row, <c>[Rows, Columns]</c>.</param>
/// <param name="Lengths">Ids per row without padding, <c>[Rows]</c>.</param>
/// <param name="LossFrom">First id per row that is a target, at least 1, <c>[Rows]</c>.</param>
public sealed record TokenBatch(int Rows, int Columns, int[] InputIds, int[] Lengths, int[] LossFrom)
{
    /// <summary>Ids without padding.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>Ids that count in the loss.</summary>
    public int Targets
    {
        get
        {
            var targets = 0;
            for (var row = 0; row < Rows; row++)
            {
                targets += Lengths[row] - LossFrom[row];
            }

            return targets;
        }
    }
}
