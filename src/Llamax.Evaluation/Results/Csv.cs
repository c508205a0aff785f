namespace Llamax.Evaluation.Results;

/// <summary>Comma-separated values as RFC 4180 has them.</summary>
public static class Csv
{
    /// <summary>A cell, in quotation marks where it needs them.</summary>
    /// <param name="cell">Its text.</param>
    public static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
