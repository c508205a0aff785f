using Llamax.Corpora.Statistics;
using Llamax.Reports.Markup;

namespace Llamax.Reports.TrainingSets;

/// <summary>The page of a training set.</summary>
internal static class TrainingSetPage
{
    private static readonly string[] Columns = ["blocks of text", "pairs", "directions", "pseudo-parallel", "augmented", "other", "tokens"];

    public static Html Of(TrainingSetStatistics statistics, string title) => Page.Of(
        $"{title} · Llamax training set",
        Html.Of($"""
            <header>
            <p class="brand">Llamax · training set</p>
            <h1>{title}</h1>
            <p class="answer"><b>{statistics.Entries.ToString("N0")}</b> entries{(statistics.Rows < statistics.Entries ? $", packed into {statistics.Rows:N0} rows," : "")} and <b>{statistics.Tokens.ToString("N0")}</b> tokens, of which <b>{statistics.Targets.ToString("N0")}</b> count in the loss, in <b>{statistics.Languages.Count}</b> languages and <b>{statistics.Pairs.Count.ToString("N0")}</b> pairs of them.</p>
            </header>
            {PairMatrix.Of(statistics)}{Languages(statistics)}{Kinds(statistics)}{LeftOut(statistics)}<footer>Made by Llamax. The numbers behind this page are in the tables beside it.</footer>
            """));

    private static Html Languages(TrainingSetStatistics statistics) => Html.Of($"""
        <section class="block">
        <h2>By language</h2>
        <p class="note">The counterpart of the paper's Table 9. An entry of a pair counts for both of its languages; a pair that is repeated counts each time.</p>
        <div class="scroll"><table class="averages">
        <thead><tr><th class="text">family</th><th class="text">language</th>{Columns.Select(column => Html.Of($"<th>{column}</th>"))}</tr></thead>
        <tbody>
        {statistics.Languages.Select(row => Html.Of($"""
            <tr><th scope="row">{row.Family}</th><th scope="row">{row.Name} <small>{row.Language}</small></th>{Cells(row.Monolingual, row.Pairs, row.Directions, row.Pseudo, row.Augmented, row.Other, row.Tokens)}</tr>

            """))}</tbody>
        </table></div>
        </section>

        """);

    private static Html Kinds(TrainingSetStatistics statistics) => Html.Of($"""
        <section class="block">
        <h2>By kind of entry</h2>
        <div class="scroll"><table class="averages">
        <thead><tr><th>kind</th><th>entries</th><th>tokens</th><th>tokens that count in the loss</th></tr></thead>
        <tbody>
        {statistics.Kinds.Select(row => Html.Of($"""
            <tr><th scope="row">{row.Kind}</th>{Cells(row.Entries, row.Tokens, row.Targets)}</tr>

            """))}</tbody>
        </table></div>
        </section>

        """);

    private static Html LeftOut(TrainingSetStatistics statistics)
    {
        if (statistics.LeftOut.Count == 0 && statistics.Cleaning.Count == 0)
        {
            return Html.Empty;
        }

        var rows = CleaningSummary.Of(statistics.Cleaning).Select(step => (step.Title, step.Count, Where: step.Largest))
            .Concat(statistics.LeftOut.Select(each => (Title: each.Key, Count: each.Value, Where: "")));
        return Html.Of($"""
            <section class="block">
            <h2>What was cleaned and left out</h2>
            <div class="scroll"><table class="averages">
            <thead><tr><th class="text">step</th><th>texts or pairs</th><th class="text">most of them in</th></tr></thead>
            <tbody>
            {rows.Select(row => Html.Of($"""
                <tr><th scope="row">{row.Title}</th><td>{row.Count.ToString("N0")}</td><td class="text">{row.Where}</td></tr>

                """))}</tbody>
            </table></div>
            </section>

            """);
    }

    private static IEnumerable<Html> Cells(params long[] counts) => counts.Select(count => Html.Of($"<td>{(count == 0 ? "" : count.ToString("N0"))}</td>"));
}
