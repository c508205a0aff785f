namespace Llamax.Cli;

/// <summary>Rows of cells as lines of text.</summary>
internal static class TextTable
{
    /// <summary>Pads the cells to columns, two spaces apart.</summary>
    /// <param name="left">How many of the first columns are set to the left; the others are numbers.</param>
    /// <param name="rows">The heading first; all of the same length.</param>
    /// <returns>Lines, each with its end.</returns>
    public static string Of(int left, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            column < left ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd() + "\n"));
    }
}
