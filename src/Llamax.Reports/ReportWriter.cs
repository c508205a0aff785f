using Llamax.Reports.Markup;
using Llamax.Reports.Tables;
using Llamax.Text.Files;

namespace Llamax.Reports;

/// <summary>Writes a report: a page for people, tables for programs, a summary for the console.</summary>
public static class ReportWriter
{
    /// <summary>Writes <c>index.html</c>, one file that needs no network; <c>tables/*.csv</c> with unrounded numbers;
    /// and <c>tables/summary.md</c>.</summary>
    /// <param name="data">What the report shows.</param>
    /// <param name="folder">The folder; created where it is missing.</param>
    public static void Write(ReportData data, string folder)
    {
        foreach (var (name, content) in CsvTables.Of(data))
        {
            AtomicFile.WriteText(Path.Combine(folder, "tables", name), content);
        }

        AtomicFile.WriteText(Path.Combine(folder, "tables", "summary.md"), Summary(data));
        AtomicFile.WriteText(Path.Combine(folder, "index.html"), Page.Of(data).ToString());
    }

    /// <summary>The comparison as Markdown tables that read well in a terminal; empty where there is no score.</summary>
    /// <param name="data">What the report shows.</param>
    public static string Summary(ReportData data) => MarkdownSummary.Of(data);
}
