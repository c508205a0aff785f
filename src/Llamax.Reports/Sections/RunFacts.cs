using System.Text.RegularExpressions;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Sections;

/// <summary>What was run: time per stage, settings, versions, machine.</summary>
internal static class RunFacts
{
    public static Html Of(ReportData data)
    {
        if (data.Stages.Count == 0 && data.Facts.Count == 0)
        {
            return Html.Empty;
        }

        var groups = data.Facts.GroupBy(fact => fact.Group).Select(group => Html.Of($"""
            <div><h3>{group.Key}</h3><table class="facts"><tbody>
            {group.Select(fact => Html.Of($"<tr><th scope=\"row\">{Breakable(fact.Name)}</th><td>{fact.Value}</td></tr>\n"))}</tbody></table></div>

            """));
        return Html.Of($"""
            <section class="block">
            <h2>What was run</h2>
            {Stages(data.Stages)}<div class="groups">
            {groups}</div>
            </section>

            """);
    }

    /// <summary>Long names may break after an underscore or a dot.</summary>
    private static Html Breakable(string name)
    {
        var parts = Regex.Split(name, "(?<=[_.])");
        return Html.Of($"{parts.Select(part => Html.Of($"{part}<wbr/>"))}");
    }

    private static Html Stages(IReadOnlyList<RunStage> stages)
    {
        if (stages.Count == 0)
        {
            return Html.Empty;
        }

        var longest = Math.Max(1e-3, stages.Max(stage => stage.Duration.TotalSeconds));
        var total = stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.Duration);
        return Html.Of($"""
            <h3>Time per stage <small>{Format.Duration(total)} in all</small></h3>
            <div class="stages">
            {stages.Select(stage => Html.Of($"""
                <div class="bar"><span class="name">{stage.Name}</span><span class="track"><i class="time" style="width:{100 * stage.Duration.TotalSeconds / longest}%"></i></span><span class="value">{Format.Duration(stage.Duration)}</span><span class="about">{stage.Note}</span></div>

                """))}</div>

            """);
    }
}
