using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Building.Units;

/// <summary>One reading of a unit's records: unpacked on one thread; made texts of, cleaned and worked on by several.</summary>
internal static class UnitPass
{
    /// <summary>Reads the unit and works on its records, batch by batch; the results come in the order of the records.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="cleaner">Cleans the records.</param>
    /// <param name="threads">Threads at most; 0 for one per core.</param>
    /// <param name="work">Works on a cleaned batch, which is not to be kept, and on what was counted while it was cleaned; called from several threads.</param>
    /// <param name="bad">Told of what cannot be read.</param>
    /// <param name="cancellationToken">Ends the pass between two batches.</param>
    /// <exception cref="LlamaxException">The unit cannot be read.</exception>
    public static IEnumerable<TResult> Run<TResult>(
        WorkUnit unit, Cleaner cleaner, int threads, Func<RecordBatch, CleaningCounts, TResult> work, BadRecords bad, CancellationToken cancellationToken) =>
        OrderedPipeline.Select(
            unit.Reader.ReadRaw(bad, cancellationToken),
            threads,
            raw =>
            {
                using (raw)
                {
                    using var records = new RecordBatch(unit.Reader.Languages.Count, Math.Max(raw.Bytes, 16));
                    unit.Reader.Decode(raw, records, bad);
                    using var cleaned = new RecordBatch(records.Fields, Math.Max(records.Bytes, 16));
                    var counts = new CleaningCounts();
                    cleaner.Clean(records, unit.Reader.Languages, cleaned, counts);
                    return work(cleaned, counts);
                }
            },
            cancellationToken);
}
