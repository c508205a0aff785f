using Llamax.Reports.Markup;
using Llamax.Reports.Tables;

namespace Llamax.Reports.Sections;

/// <summary>The title, the answer in one sentence, and the averages as cards.</summary>
internal static class Headline
{
    public static Html Of(ReportData data)
    {
        var tables = ScoreTable.OfTranslations(data);
        var cards = tables.Select(table => ScoreCard(data.Translation, table, tables))
            .Concat(ScoreTable.OfLikelihoods(data).Select(table => LikelihoodCard(data.Likelihood, table)));
        return Html.Of($"""
            <header>
            <p class="brand">Llamax · run report</p>
            <h1>{data.Title}</h1>
            {(data.Description is { } text ? Html.Of($"<p class=\"lead\">{text}</p>\n") : Html.Empty)}{Answer(data, tables)}
            </header>
            <div class="cards">{cards}</div>

            """);
    }

    private static Html Answer(ReportData data, IReadOnlyList<ScoreTable> tables)
    {
        if (tables.Count == 0 || tables[0].Mean(data.Translation.After, null, null, data.Translation) is not { } after)
        {
            return Html.Empty;
        }

        var (table, pair) = (tables[0], data.Translation);
        var before = table.Mean(pair.Before, null, null, pair)!.Value;
        var directions = table.Shared(null, null, pair).ToList();
        var better = directions.Count(direction => table.Difference(pair, direction.Source, direction.Target) > 0);
        return Html.Of($"""
            <p class="answer"><b>{pair.After}</b> reaches <b class="after">{Format.Score(after, table.Metric)} {table.Metric}</b> on average over {directions.Count} directions; <b>{pair.Before}</b> reaches <b class="before">{Format.Score(before, table.Metric)}</b>. It is better in {better} of them.</p>
            """);
    }

    private static Html ScoreCard(SystemPair pair, ScoreTable table, IReadOnlyList<ScoreTable> all)
    {
        if (table.Mean(pair.Before, null, null, pair) is not { } before || table.Mean(pair.After, null, null, pair) is not { } after)
        {
            return Html.Empty;
        }

        var scale = Math.Max(before, after) is var top && top > 0 ? top : 1;
        return Html.Of($"""
            <section class="card">
            <h2>{TableName(table, all)}<small>mean of {table.Shared(null, null, pair).Count()} directions</small></h2>
            <p class="delta {Tone(after - before)}">{Format.Difference(after - before, table.Metric)}</p>
            {Bar(pair.Before, "before", before, scale, table.Metric)}{Bar(pair.After, "after", after, scale, table.Metric)}</section>

            """);
    }

    private static Html LikelihoodCard(SystemPair pair, ScoreTable table)
    {
        var languages = table.Languages.Where(language => table.Score(pair.Before, language) > 0 && table.Score(pair.After, language) is not null).ToList();
        if (languages.Count == 0)
        {
            return Html.Empty;
        }

        var before = languages.Average(language => table.Score(pair.Before, language)!.Value);
        var after = languages.Average(language => table.Score(pair.After, language)!.Value);
        return Html.Of($"""
            <section class="card">
            <h2>bits per byte<small>mean of {languages.Count} languages, lower is better</small></h2>
            <p class="delta {Tone(before - after)}">{Format.Percent((after / before) - 1)}</p>
            {Bar(pair.Before, "before", before, Math.Max(before, after), table.Metric)}{Bar(pair.After, "after", after, Math.Max(before, after), table.Metric)}</section>

            """);
    }

    private static Html Bar(string system, string kind, double value, double scale, string metric) => Html.Of($"""
        <div class="bar"><span class="name">{system}</span><span class="track"><i class="{kind}" style="width:{100 * Math.Max(0, value) / scale}%"></i></span><span class="value">{Format.Score(value, metric)}</span></div>

        """);

    private static string Tone(double gain) => gain > 0 ? "good" : gain < 0 ? "bad" : "";

    internal static string TableName(ScoreTable table, IReadOnlyList<ScoreTable> all) =>
        all.Select(other => other.Benchmark).Distinct().Count() > 1 ? $"{table.Benchmark} · {table.Metric}" : table.Metric;
}
