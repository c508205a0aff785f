using Llamax.Reports.Markup;
using Llamax.Text.Languages;

namespace Llamax.Reports.Sections;

/// <summary>Sentences with their reference and what the two systems made of them.</summary>
internal static class Samples
{
    public static Html Of(ReportData data) => data.Samples.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="block">
        <h2>Sample translations</h2>
        <div class="samples">
        {data.Samples.Select(sample => Sample(data.Translation, sample))}</div>
        </section>

        """);

    private static Html Sample(SystemPair pair, SampleTranslation sample) => Html.Of($"""
        <article>
        <h3>{Format.Language(sample.Source)} → {Format.Language(sample.Target)}</h3>
        <dl>
        <dt>source</dt><dd lang="{Tag(sample.Source)}" dir="auto">{sample.Text}</dd>
        <dt>reference</dt><dd lang="{Tag(sample.Target)}" dir="auto">{sample.Reference}</dd>
        <dt class="before">{pair.Before}</dt><dd lang="{Tag(sample.Target)}" dir="auto">{Output(sample.Before)}</dd>
        <dt class="after">{pair.After}</dt><dd lang="{Tag(sample.Target)}" dir="auto">{Output(sample.After)}{(sample.After == sample.Reference ? Html.Of($" <span class=\"exact\" title=\"word for word the reference\">✓</span>") : Html.Empty)}</dd>
        </dl>
        </article>

        """);

    private static Html Output(string text) => text.Length > 0 ? Html.Of($"{text}") : Html.Of($"<i class=\"empty\">(nothing)</i>");

    /// <summary>The language for the browser's choice of glyphs: Traditional Chinese is no language code of its own there.</summary>
    private static string Tag(string code) => LanguageRegistry.Default.Find(code) is { Script: "Hans" or "Hant" } chinese
        ? $"zh-{chinese.Script}"
        : code.Replace('_', '-');
}
