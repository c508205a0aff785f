namespace Llamax.Cli;

/// <summary>Rows of cells as lines of text.</summary>
internal static class TextTable
{
    /// <summary>Pads the cells to columns, two spaces apart.</summary>
    /// <param name="sides">For each column l or r, to the left or to the right; the last one is for all that follow, too.</param>
    /// <param name="rows">The heading first; all of the same length.</param>
    /// <returns>Lines, each with its end.</returns>
    public static string Of(string sides, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            sides[Math.Min(column, sides.Length - 1)] == 'l' ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd() + "\n"));
    }
}
