using Llamax.Reports.Markup;

namespace Llamax.Reports.Sections;

/// <summary>A matrix of directions, sources down and targets across, with a colour behind each number.</summary>
internal static class HeatMap
{
    /// <summary>Above this share of the scale the colour is so strong that the number changes its own.</summary>
    private const double Strong = 0.55;

    /// <summary>Least widths of the row heads and of a column; a wider matrix scrolls.</summary>
    private const int RowHead = 88, Column = 42;

    /// <summary>Draws the matrix.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="languages">Rows and columns.</param>
    /// <param name="value">The value of a direction, or null.</param>
    /// <param name="text">How a value is written.</param>
    /// <param name="scale">The value with the strongest colour, above 0; negative values have colours of their own.</param>
    public static Html Of(
        string title, IReadOnlyList<string> languages, Func<string, string, double?> value, Func<double?, string> text, double scale)
    {
        var head = languages.Select(target => Html.Of($"<th scope=\"col\" title=\"{Format.Language(target)}\">{target}</th>"));
        var rows = languages.Select(source => Html.Of($"""
            <tr><th scope="row"><b>{source}</b> <small>{Format.Language(source)}</small></th>{languages.Select(target => Cell(source, target))}</tr>

            """));
        return Html.Of($"""
            <figure class="heat">
            <figcaption>{title}</figcaption>
            <div class="scroll"><table style="min-width:{RowHead + (languages.Count * Column)}px">
            <thead><tr><th class="corner"><span>from ↓ · to →</span></th>{head}</tr></thead>
            <tbody>
            {rows}</tbody>
            </table></div>
            </figure>

            """);

        Html Cell(string source, string target)
        {
            if (source == target)
            {
                return Html.Of($"<td class=\"same\"></td>");
            }

            var score = value(source, target);
            var share = Math.Min(1, Math.Abs(score ?? 0) / scale);
            var kind = (score < 0 ? "neg" : "pos") + (share > Strong ? " strong" : "");
            return Html.Of($"""
                <td class="{kind}" style="--share:{share * 100:0.#}%" title="{Format.Language(source)} → {Format.Language(target)}: {text(score)}">{text(score)}</td>
                """);
        }
    }

    /// <summary>A bar that explains the colours.</summary>
    /// <param name="from">The lowest value, written at the left; null for zero.</param>
    /// <param name="scale">The highest value.</param>
    public static Html Legend(double? from, double scale) => Html.Of($"""
        <p class="legend">{(from is { } low ? Format.Difference(low, "") : "0")}<i class="{(from is null ? "sequential" : "diverging")}"></i>{(from is null ? scale.ToString("0.#") : Format.Difference(scale, ""))}</p>

        """);
}
