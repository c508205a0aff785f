using Llamax.Evaluation.Analysis.Fertility;
using Llamax.Reports.Charts;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Figures;

/// <summary>Fertility by language as a picture: one row per language, one dot per tokenizer, on an axis of powers of two.</summary>
public static class FertilityFigure
{
    private const int Left = 240, Width = 900, Right = 90, RowHeight = 17, LegendHeight = 20;

    private static readonly string[] Colours = ["#0b6fb8", "#d1495b", "#2e8b57", "#8a5bc7", "#b7791f", "#4a5568"];

    /// <summary>Draws the figure.</summary>
    /// <param name="rows">What was measured; the languages stand by the first tokenizer's fertility, highest first.</param>
    /// <param name="definition">What it was measured by.</param>
    /// <param name="data">Name of the texts.</param>
    /// <returns>A whole SVG file.</returns>
    /// <exception cref="LlamaxException">There are more tokenizers than can be told apart.</exception>
    public static string Draw(IReadOnlyList<FertilityRow> rows, FertilityDefinition definition, string data)
    {
        var tokenizers = rows.Select(row => row.Tokenizer).Distinct().ToList();
        if (tokenizers.Count > Colours.Length)
        {
            throw new LlamaxException($"A figure shows at most {Colours.Length} tokenizers, and {tokenizers.Count} were given.");
        }

        var languages = rows.GroupBy(row => row.Language).OrderByDescending(group => group.First().PerLine).ToList();
        var top = 46 + (LegendHeight * tokenizers.Count);
        var bottom = top + (languages.Count * RowHeight);

        // Powers of two: scripts without spaces have ratios that would press all the others together on an even axis.
        var low = Math.Floor(Math.Log2(rows.Min(row => row.PerLine)));
        var high = Math.Max(low + 1, Math.Ceiling(Math.Log2(rows.Max(row => row.PerLine))));
        var ticks = Enumerable.Range(0, (int)(high - low) + 1).Select(i => Math.Pow(2, low + i));
        var title = $"Fertility on {data}: tokens per word, mean over lines (definition: {FertilityMeasure.Name(definition)})";
        return Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {bottom + 40}" width="{Width}" height="{bottom + 40}" role="img" aria-label="{title}" font-family="system-ui, sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="16" y="26" font-size="15" font-weight="600">{title}</text>
            {tokenizers.Select(Legend)}{ticks.Select(Tick)}{languages.Select(Row)}</svg>

            """).ToString();

        double X(double value) => Left + ((Width - Left - Right) * (Math.Log2(value) - low) / (high - low));

        Html Legend(string name, int i) => Html.Of($"""
            <circle cx="22" cy="{44 + (LegendHeight * i)}" r="5" fill="{Colours[i]}"/><text x="34" y="{48 + (LegendHeight * i)}">{name}</text>

            """);

        Html Tick(double value) => Html.Of($"""
            <line x1="{X(value)}" y1="{top}" x2="{X(value)}" y2="{bottom}" stroke="#dddddd"/><text x="{X(value)}" y="{bottom + 18}" text-anchor="middle" fill="#555555">{Axis.Text(value)}</text>

            """);

        Html Row(IGrouping<string, FertilityRow> language, int i)
        {
            var y = top + (RowHeight * (i + 0.5));
            var name = $"{language.First().Name} ({language.Key}){(language.First().Unit == "characters" ? ", per character" : "")}";
            var dots = language.Select(row => Html.Of($"""
                <circle cx="{X(row.PerLine)}" cy="{y}" r="4.5" fill="{Colours[tokenizers.IndexOf(row.Tokenizer)]}"><title>{row.Tokenizer}: {row.PerLine:0.00}</title></circle>
                """));
            return Html.Of($"""
                <text x="{Left - 12}" y="{y + 4}" text-anchor="end">{name}</text><line x1="{Left}" y1="{y}" x2="{X(language.Max(row => row.PerLine))}" y2="{y}" stroke="#cccccc"/>{dots}<text x="{X(language.Max(row => row.PerLine)) + 9}" y="{y + 4}" fill="#555555">{string.Join(" · ", language.Select(row => row.PerLine.ToString("0.00")))}</text>

                """);
        }
    }
}
