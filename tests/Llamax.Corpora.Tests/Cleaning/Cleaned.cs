using System.Text;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Tests.Cleaning;

/// <summary>Runs a cleaner on records that are written as strings.</summary>
internal static class Cleaned
{
    /// <summary>The records that are left, by number.</summary>
    public static Dictionary<long, string[]> Records(Cleaner cleaner, string[] languages, CleaningCounts counts, params string[][] records)
    {
        using var raw = new RecordBatch(languages.Length);
        for (var number = 0; number < records.Length; number++)
        {
            foreach (var text in records[number])
            {
                raw.Append(Encoding.UTF8.GetBytes(text));
                raw.EndField();
            }

            raw.EndRecord(number + 1);
        }

        using var cleaned = new RecordBatch(languages.Length);
        cleaner.Clean(raw, languages, cleaned, counts);
        return Enumerable.Range(0, cleaned.Count).ToDictionary(
            cleaned.Number, record => Enumerable.Range(0, languages.Length).Select(field => Encoding.UTF8.GetString(cleaned[record, field])).ToArray());
    }

    /// <summary>What becomes of one text; null where it is left out.</summary>
    public static string? Text(CleaningOptions options, string text, CleaningCounts? counts = null, string language = "en") =>
        Records(new Cleaner(options), [language], counts ?? new CleaningCounts(), [text]).GetValueOrDefault(1)?[0];

    /// <summary>The counts, one a line.</summary>
    public static string[] Lines(this CleaningCounts counts) =>
        [.. counts.Rows.Select(row => $"{row.Step} {row.Languages} {row.Count}{(row.Benchmark is null ? "" : " " + row.Benchmark)}")];
}
