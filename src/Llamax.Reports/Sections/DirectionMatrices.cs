using Llamax.Reports.Charts;
using Llamax.Reports.Markup;
using Llamax.Reports.Tables;

namespace Llamax.Reports.Sections;

/// <summary>Per metric: the two systems' matrices on one colour scale, their difference, and the averages per language.</summary>
internal static class DirectionMatrices
{
    public static Html Of(ReportData data)
    {
        var tables = ScoreTable.OfTranslations(data);
        if (tables.Count == 0)
        {
            return Html.Empty;
        }

        var tabs = tables.Select((table, i) => Html.Of($"""
            <input type="radio" name="metric" id="metric-{i}"{(i == 0 ? Html.Of($" checked=\"checked\"") : Html.Empty)} /><label for="metric-{i}">{Headline.TableName(table, tables)}</label>

            """));
        var choice = tables.Select((_, i) => Html.Of($"#metric-{i}:checked ~ #panel-{i} {{ display: block; }} "));
        return Html.Of($"""
            <section class="block">
            <h2>Translation, direction by direction</h2>
            <style>{choice}</style>
            <div class="tabs">
            {tabs}{tables.Select((table, i) => Panel(i, data, table))}</div>
            </section>

            """);
    }

    private static Html Panel(int number, ReportData data, ScoreTable table)
    {
        var pair = data.Translation;
        var scores = table.Directions.SelectMany(direction => new[]
        {
            table.Score(pair.Before, direction.Source, direction.Target), table.Score(pair.After, direction.Source, direction.Target),
        }).OfType<double>().ToList();
        var differences = table.Directions.Select(direction => table.Difference(pair, direction.Source, direction.Target)).OfType<double>().ToList();
        var scale = Axis.NiceCeiling(scores.Max());
        var spread = Axis.NiceCeiling(differences.Select(Math.Abs).Append(0).Max());
        var (least, most) = table.Sentences;
        return Html.Of($"""
            <div class="panel" id="panel-{number}">
            <h3 class="print-only">{table.Metric}</h3>
            <div class="matrices{(data.Languages.Count > 12 ? " large" : "")}">
            <div>{Matrix(pair.Before)}{HeatMap.Legend(null, scale)}</div>
            <div>{Matrix(pair.After)}{HeatMap.Legend(null, scale)}</div>
            <div>{HeatMap.Of($"Difference: {pair.After} − {pair.Before}", table.Languages, (source, target) => table.Difference(pair, source, target), value => Format.Difference(value, table.Metric), spread)}{HeatMap.Legend(-spread, spread)}</div>
            </div>
            <p class="note">{table.Metric} on {table.Benchmark}, {(least == most ? $"{least}" : $"{least} to {most}")} held-out sentences per direction. {table.Signatures.Select(signature => Html.Of($"<code>{signature}</code> "))}</p>
            {CentreAverages.Of(pair, table)}</div>

            """);

        Html Matrix(string system) => HeatMap.Of(
            system, table.Languages, (source, target) => table.Score(system, source, target), value => Format.Score(value, table.Metric), scale);
    }
}
