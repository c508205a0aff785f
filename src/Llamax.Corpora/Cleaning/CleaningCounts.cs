namespace Llamax.Corpora.Cleaning;

/// <summary>What cleaning did, counted. One thread at a time; those of several threads are added up.</summary>
public sealed class CleaningCounts
{
    private readonly Dictionary<(string Step, string Languages, string? Benchmark), long> counts = [];

    /// <summary>No counts.</summary>
    public CleaningCounts()
    {
    }

    /// <summary>Takes counts up again that were stored.</summary>
    /// <param name="rows">As <see cref="Rows"/> gave them.</param>
    public CleaningCounts(IEnumerable<CleaningCount> rows) => Add(rows);

    /// <summary>The counts, by step, languages and benchmark.</summary>
    public IReadOnlyList<CleaningCount> Rows =>
    [
        .. counts.Select(each => new CleaningCount(each.Key.Step, each.Key.Languages, each.Value, each.Key.Benchmark))
            .OrderBy(row => row.Step, StringComparer.Ordinal).ThenBy(row => row.Languages, StringComparer.Ordinal)
            .ThenBy(row => row.Benchmark, StringComparer.Ordinal),
    ];

    /// <summary>Adds stored counts.</summary>
    /// <param name="rows">As <see cref="Rows"/> gave them.</param>
    public void Add(IEnumerable<CleaningCount> rows)
    {
        foreach (var row in rows)
        {
            Add(row.Step, row.Languages, row.Count, row.Benchmark);
        }
    }

    /// <summary>Counts.</summary>
    /// <param name="step">The step, see <see cref="CleaningStep"/>.</param>
    /// <param name="languages">The texts' language, or the pairs' two, in alphabetical order with a hyphen between.</param>
    /// <param name="count">How many.</param>
    /// <param name="benchmark">Whose test set it was; null where it was none.</param>
    public void Add(string step, string languages, long count = 1, string? benchmark = null)
    {
        if (count != 0)
        {
            counts[(step, languages, benchmark)] = counts.GetValueOrDefault((step, languages, benchmark)) + count;
        }
    }
}
