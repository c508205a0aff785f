using Llamax.Reports.Charts;
using Llamax.Reports.Markup;
using Llamax.Reports.Tables;

namespace Llamax.Reports.Sections;

/// <summary>Bits per byte of held-out text per language, before and after continual pre-training.</summary>
internal static class BitsPerByte
{
    public static Html Of(ReportData data) => Html.Join(ScoreTable.OfLikelihoods(data).Select(table => Section(data.Likelihood, table)));

    private static Html Section(SystemPair pair, ScoreTable table)
    {
        var rows = table.Languages
            .Select(language => (Language: language, Before: table.Score(pair.Before, language), After: table.Score(pair.After, language)))
            .Where(row => row.Before > 0 && row.After is not null)
            .Select(row => (Format.Language(row.Language), row.Before!.Value, row.After!.Value,
                Format.Percent((row.After.Value / row.Before.Value) - 1), row.After <= row.Before)).ToList();
        return rows.Count == 0 ? Html.Empty : Html.Of($"""
            <section class="block">
            <h2>Bits per byte, before and after</h2>
            <p class="note">How many bits the model needs for a byte of held-out text ({table.Benchmark}): the fewer, the better it knows the language. {Key.Of(pair)}</p>
            <div class="scroll">{Dumbbell.Chart("bits per byte", rows, "0.00")}</div>
            </section>

            """);
    }
}
