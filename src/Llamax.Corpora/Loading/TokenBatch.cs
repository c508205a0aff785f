namespace Llamax.Corpora.Loading;

/// <summary>
/// A batch of rows, padded on the right with 0. A row holds one entry, or several where the training set is packed. The
/// label of position j is the input at j + 1; it counts where <c>Segment.LossFrom &lt;= j + 1 &lt; Segment.End</c> for one
/// of the row's segments. The first id of an entry is never a label.
/// </summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Length of the longest of them.</param>
/// <param name="InputIds">Row by row, <c>[Rows, Columns]</c>.</param>
/// <param name="Lengths">Ids per row without padding, <c>[Rows]</c>.</param>
/// <param name="LossFrom">First id per row that is a target, at least 1, <c>[Rows]</c>.</param>
public sealed record TokenBatch(int Rows, int Columns, int[] InputIds, int[] Lengths, int[] LossFrom)
{
    /// <summary>The entries of each row, <c>[Rows][entries]</c>; null where a row is one entry.</summary>
    public TokenSegment[][]? Packed { get; init; }

    /// <summary>
    /// Whether some row has entries that may know nothing of each other: attention ends at an entry's beginning, where
    /// positions start anew.
    /// </summary>
    public bool IsIsolated { get; init; }

    /// <summary>Ids without padding.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>Ids that count in the loss.</summary>
    public int Targets => Enumerable.Range(0, Rows).Sum(row => Segments(row).Sum(segment => segment.End - segment.LossFrom));

    /// <summary>The entries of a row; a row that is not packed is one.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public IReadOnlyList<TokenSegment> Segments(int row) => Packed?[row] ?? [new TokenSegment(0, Math.Max(LossFrom[row], 1), Lengths[row])];
}
