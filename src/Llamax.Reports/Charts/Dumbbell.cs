using Llamax.Reports.Markup;

namespace Llamax.Reports.Charts;

/// <summary>Two values on a line: where it was and where it went.</summary>
internal static class Dumbbell
{
    /// <summary>One pair in a table cell, from 0 to the scale.</summary>
    public static Html Small(double? before, double? after, double scale)
    {
        if (before is not { } from || after is not { } to)
        {
            return Html.Empty;
        }

        var (a, b) = (X(from), X(to));
        return Html.Of($"""
            <svg viewBox="0 0 120 16" width="120" height="16" aria-hidden="true"><line class="grid" x1="5" y1="8" x2="115" y2="8"/><line class="link" x1="{a}" y1="8" x2="{b}" y2="8"/><circle class="dot before" cx="{a}" cy="8" r="4"/><circle class="dot after" cx="{b}" cy="8" r="4"/></svg>
            """);

        double X(double value) => 5 + (110 * Math.Clamp(value / scale, 0, 1));
    }

    /// <summary>A chart with one row per entry and an axis from 0.</summary>
    /// <param name="label">What the axis measures.</param>
    /// <param name="rows">Name, values, and a text at the right.</param>
    /// <param name="digits">How values are written.</param>
    public static Html Chart(string label, IReadOnlyList<(string Name, double Before, double After, string Change, bool Good)> rows, string digits)
    {
        const int Left = 170, Right = 90, Width = 1200, RowHeight = 34, Top = 14;
        var high = Axis.NiceCeiling(rows.Max(row => Math.Max(row.Before, row.After)) * 1.05);
        var bottom = Top + (rows.Count * RowHeight);
        var ticks = Axis.Ticks(0, high).Select(tick => Html.Of($"""
            <line class="grid" x1="{X(tick)}" y1="{Top}" x2="{X(tick)}" y2="{bottom}"/><text class="tick" x="{X(tick)}" y="{bottom + 18}" text-anchor="middle">{Axis.Text(tick)}</text>

            """));
        return Html.Of($"""
            <svg class="chart wide" viewBox="0 0 {Width} {bottom + 44}" role="img" aria-label="{label}">
            {ticks}{rows.Select(Row)}<text class="tick" x="{(Left + Width - Right) / 2}" y="{bottom + 38}" text-anchor="middle">{label}</text>
            </svg>

            """);

        double X(double value) => Left + ((Width - Left - Right) * value / high);

        Html Row((string Name, double Before, double After, string Change, bool Good) row, int i)
        {
            var y = Top + (RowHeight * (i + 0.5));
            var (a, b) = (X(row.Before), X(row.After));
            var leftIsBefore = row.Before <= row.After;
            var (low, highest) = (Math.Min(a, b), Math.Max(a, b));
            return Html.Of($"""
                <text class="name" x="{Left - 16}" y="{y + 5}" text-anchor="end">{row.Name}</text>
                <line class="link" x1="{a}" y1="{y}" x2="{b}" y2="{y}"/><circle class="dot before" cx="{a}" cy="{y}" r="6"/><circle class="dot after" cx="{b}" cy="{y}" r="6"/>
                <text class="value {(leftIsBefore ? "before" : "after")}" x="{low - 11}" y="{y + 4}" text-anchor="end">{(leftIsBefore ? row.Before : row.After).ToString(digits)}</text><text class="value {(leftIsBefore ? "after" : "before")}" x="{highest + 11}" y="{y + 4}">{(leftIsBefore ? row.After : row.Before).ToString(digits)}</text>
                <text class="change {(row.Good ? "good" : "bad")}" x="{Width - 6}" y="{y + 5}" text-anchor="end">{row.Change}</text>

                """);
        }
    }
}
