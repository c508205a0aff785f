using Llamax.Reports.Sections;

namespace Llamax.Reports.Markup;

/// <summary>The whole page: one file without references to others, so that it opens anywhere and can be sent by mail.</summary>
internal static class Page
{
    private const string StyleResource = "Llamax.Reports.report.css";

    public static Html Of(ReportData data) => Of(
        $"{data.Title} · Llamax report",
        Html.Of($"""
            {Headline.Of(data)}{DirectionMatrices.Of(data)}{BitsPerByte.Of(data)}{Samples.Of(data)}{LearningCurves.Of(data)}{RunFacts.Of(data)}<footer>Made by Llamax. The numbers behind this page are in <code>tables/</code> beside it.</footer>
            """));

    /// <summary>A page with the style that all have.</summary>
    /// <param name="title">The window's title.</param>
    /// <param name="content">What the page shows.</param>
    public static Html Of(string title, Html content) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style>
        {Style()}</style>
        </head>
        <body>
        <main>
        {content}
        </main>
        </body>
        </html>

        """);

    private static Html Style()
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(StyleResource)
            ?? throw new InvalidOperationException($"{StyleResource} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return Html.Trusted(reader.ReadToEnd());
    }
}
