using Llamax.Reports.Charts;
using Llamax.Reports.Markup;
using Llamax.Reports.Tables;

namespace Llamax.Reports.Sections;

/// <summary>Averages into and out of each language, as in the paper's tables.</summary>
internal static class CentreAverages
{
    public static Html Of(SystemPair pair, ScoreTable table)
    {
        var rows = table.Languages.Select(language => Row(language, pair, table)).ToList();
        var scale = Axis.NiceCeiling(rows.SelectMany(row => row.Values).OfType<double>().Append(0).Max());
        return Html.Of($"""
            <h3>Averages per centre language</h3>
            <div class="scroll"><table class="averages">
            <thead>
            <tr><th rowspan="2" scope="col">centre</th><th colspan="4" scope="colgroup">into it (X → centre)</th><th colspan="4" scope="colgroup">out of it (centre → X)</th></tr>
            <tr>{Columns(pair)}{Columns(pair)}</tr>
            </thead>
            <tbody>
            {rows.Select(row => row.ToHtml(table.Metric, scale))}</tbody>
            <tfoot>{Row(null, pair, table).ToHtml(table.Metric, scale)}</tfoot>
            </table></div>

            """);
    }

    private static Html Columns(SystemPair pair) => Html.Of(
        $"<th scope=\"col\">{pair.Before}</th><th scope=\"col\">{pair.After}</th><th scope=\"col\">gain</th><th></th>");

    private static Averages Row(string? language, SystemPair pair, ScoreTable table) => new(
        language,
        table.Mean(pair.Before, null, language, pair),
        table.Mean(pair.After, null, language, pair),
        table.Mean(pair.Before, language, null, pair),
        table.Mean(pair.After, language, null, pair));

    private sealed record Averages(string? Language, double? IntoBefore, double? IntoAfter, double? OutBefore, double? OutAfter)
    {
        public IEnumerable<double?> Values => [IntoBefore, IntoAfter, OutBefore, OutAfter];

        public Html ToHtml(string metric, double scale)
        {
            var name = Language is null ? Html.Of($"all directions") : Html.Of($"{Format.Language(Language)} <small>{Language}</small>");
            return Html.Of($"""
                <tr><th scope="row">{name}</th>{Cells(IntoBefore, IntoAfter)}{Cells(OutBefore, OutAfter)}</tr>

                """);

            Html Cells(double? before, double? after) => Html.Of($"""
                <td>{Format.Score(before, metric)}</td><td class="after">{Format.Score(after, metric)}</td><td>{Format.Difference(after - before, metric)}</td><td class="spark">{Dumbbell.Small(before, after, scale)}</td>
                """);
        }
    }
}
