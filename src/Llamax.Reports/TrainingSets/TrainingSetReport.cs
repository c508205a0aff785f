using Llamax.Corpora.Statistics;
using Llamax.Text.Files;

namespace Llamax.Reports.TrainingSets;

/// <summary>Writes what a training set holds: a page for people, tables for programs.</summary>
public static class TrainingSetReport
{
    /// <summary>
    /// Writes <c>index.html</c>, one file that needs no network, with the matrix of languages; <c>languages.csv</c>, the
    /// counterpart of the paper's Table 9 beside the paper's own numbers; <c>pairs.csv</c>; and <c>cleaning.csv</c>.
    /// </summary>
    /// <param name="statistics">What it holds.</param>
    /// <param name="title">What the page calls it.</param>
    /// <param name="folder">The folder; created where it is missing.</param>
    public static void Write(TrainingSetStatistics statistics, string title, string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, "languages.csv"), TrainingSetTables.Languages(statistics));
        AtomicFile.WriteText(Path.Combine(folder, "pairs.csv"), TrainingSetTables.Pairs(statistics));
        AtomicFile.WriteText(Path.Combine(folder, "cleaning.csv"), TrainingSetTables.Cleaning(statistics));
        AtomicFile.WriteText(Path.Combine(folder, "index.html"), TrainingSetPage.Of(statistics, title).ToString());
    }
}
