using Llamax.Reports.Markup;

namespace Llamax.Reports.Charts;

/// <summary>Lines over a number axis, with round ticks and each line's last value written at its end.</summary>
internal static class LineChart
{
    private const int Width = 400, Height = 250, Left = 50, Right = 46, Top = 12, Bottom = 46;

    /// <summary>More points than can be told apart are averaged in groups.</summary>
    private const int MaximumPoints = 300;

    /// <summary>Draws the chart.</summary>
    /// <param name="title">Read aloud for those who cannot see it.</param>
    /// <param name="across">Title of the horizontal axis.</param>
    /// <param name="up">Title of the vertical axis.</param>
    /// <param name="lines">A class of the style sheet and points with finite values, at least one line with a point.</param>
    public static Html Of(string title, string across, string up, IReadOnlyList<(string Class, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        var all = lines.SelectMany(line => line.Points).ToList();
        var (minX, maxX) = (all.Min(point => point.X), all.Max(point => point.X));
        var (minY, maxY) = (all.Min(point => point.Y), all.Max(point => point.Y));
        maxX = maxX > minX ? maxX : minX + 1;
        var margin = maxY > minY ? 0.06 * (maxY - minY) : 0.5;
        (minY, maxY) = (Math.Max(0, minY - margin), maxY + margin);
        var ends = Ends(lines.Where(line => line.Points.Count > 0).Select(line => Y(line.Points[^1].Y)));
        var ticks = Axis.Ticks(minY, maxY, 5).Select(tick => Html.Of($"""
            <line class="grid" x1="{Left}" y1="{Y(tick)}" x2="{Width - Right}" y2="{Y(tick)}"/><text class="tick" x="{Left - 8}" y="{Y(tick) + 4}" text-anchor="end">{Axis.Text(tick)}</text>

            """)).Concat(Axis.Ticks(minX, maxX, 4).Select(tick => Html.Of($"""
            <text class="tick" x="{X(tick)}" y="{Height - Bottom + 18}" text-anchor="middle">{Axis.Text(tick)}</text>

            """)));
        return Html.Of($"""
            <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">
            {ticks}<line class="axis" x1="{Left}" y1="{Height - Bottom}" x2="{Width - Right}" y2="{Height - Bottom}"/>
            <text class="tick" x="{(Left + Width - Right) / 2}" y="{Height - 8}" text-anchor="middle">{across}</text>
            <text class="tick" transform="translate(13 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">{up}</text>
            {lines.Where(line => line.Points.Count > 0).Select(Line)}</svg>

            """);

        double X(double value) => Left + ((Width - Left - Right) * (value - minX) / (maxX - minX));

        double Y(double value) => Height - Bottom - ((Height - Bottom - Top) * (value - minY) / (maxY - minY));

        Html Line((string Class, IReadOnlyList<(double X, double Y)> Points) line, int i)
        {
            var last = line.Points[^1];
            var path = string.Join(' ', Thin(line.Points).Select(point => $"{X(point.X):0.#},{Y(point.Y):0.#}"));
            return Html.Of($"""
                <polyline class="line {line.Class}" points="{path}"/><circle class="dot {line.Class}" cx="{X(last.X)}" cy="{Y(last.Y)}" r="3.5"/><text class="value {line.Class}" x="{X(last.X) + 8}" y="{ends[i] + 4}">{last.Y:0.00}</text>

                """);
        }
    }

    /// <summary>Heights of the labels at the ends of the lines, pushed apart so that they do not cover each other.</summary>
    private static double[] Ends(IEnumerable<double> heights)
    {
        var result = heights.ToArray();
        var order = Enumerable.Range(0, result.Length).OrderBy(i => result[i]).ToArray();
        for (var i = 1; i < order.Length; i++)
        {
            result[order[i]] = Math.Max(result[order[i]], result[order[i - 1]] + 14);
        }

        return result;
    }

    private static IEnumerable<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        var size = (points.Count + MaximumPoints - 1) / MaximumPoints;
        return points.Chunk(size).Select(group => (group.Average(point => point.X), group.Average(point => point.Y)));
    }
}
