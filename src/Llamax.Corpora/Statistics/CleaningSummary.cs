using Llamax.Corpora.Cleaning;

namespace Llamax.Corpora.Statistics;

/// <summary>What one step of the cleaning did, all languages together.</summary>
/// <param name="Title">The step, and for decontamination the benchmark.</param>
/// <param name="Count">How many texts or pairs it changed or left out.</param>
/// <param name="Largest">The languages or pairs with most of them, in words.</param>
public sealed record CleaningSummary(string Title, long Count, string Largest)
{
    private const int Named = 5;

    /// <summary>The steps, in alphabetical order.</summary>
    /// <param name="counts">By step and languages.</param>
    public static IReadOnlyList<CleaningSummary> Of(IReadOnlyList<CleaningCount> counts) =>
    [
        .. counts.GroupBy(count => (count.Step, count.Benchmark)).OrderBy(groups => groups.Key.Step, StringComparer.Ordinal).ThenBy(groups => groups.Key.Benchmark, StringComparer.Ordinal)
            .Select(groups => new CleaningSummary(
                groups.Key.Benchmark is null ? groups.Key.Step : $"{groups.Key.Step}, {groups.Key.Benchmark}",
                groups.Sum(count => count.Count),
                string.Join(", ", groups.OrderByDescending(count => count.Count).ThenBy(count => count.Languages, StringComparer.Ordinal).Take(Named)
                    .Select(count => $"{count.Languages} {count.Count:N0}")) + (groups.Count() > Named ? ", …" : ""))),
    ];
}
