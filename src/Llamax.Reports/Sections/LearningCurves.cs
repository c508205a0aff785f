using Llamax.Reports.Charts;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Sections;

/// <summary>One chart per stage with the training loss of its models.</summary>
internal static class LearningCurves
{
    public static Html Of(ReportData data)
    {
        var stages = data.Curves.Select(Finite).Where(curve => curve.Points.Count > 0).GroupBy(curve => curve.Stage).ToList();
        return stages.Count == 0 ? Html.Empty : Html.Of($"""
            <section class="block">
            <h2>Learning curves</h2>
            <div class="curves">
            {stages.Select(stage => Chart(data, stage.Key, [.. stage]))}</div>
            </section>

            """);
    }

    private static Html Chart(ReportData data, string stage, IReadOnlyList<LearningCurve> curves)
    {
        var classes = curves.Select(curve => Class(data, curve, curves.Count)).ToList();
        return Html.Of($"""
            <figure><figcaption>{stage} {Key.Of(classes.Zip(curves.Select(curve => curve.Name)))}</figcaption>
            {LineChart.Of($"Training loss of {stage}", "step", "loss (nats per token)", [.. curves.Zip(classes).Select(pair => (
                pair.Second, (IReadOnlyList<(double, double)>)[.. pair.First.Points.Select(point => ((double)point.Step, point.Loss))]))])}</figure>

            """);
    }

    private static string Class(ReportData data, LearningCurve curve, int curves) =>
        curves == 1 ? "after" : curve.Name == data.Translation.Before || curve.Name == data.Likelihood.Before ? "before" : "after";

    private static LearningCurve Finite(LearningCurve curve) =>
        curve with { Points = [.. curve.Points.Where(point => double.IsFinite(point.Loss))] };
}
