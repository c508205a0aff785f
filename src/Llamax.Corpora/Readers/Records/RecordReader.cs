namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// A source of texts, of sentence pairs or of multi-way lines. Reading has two halves: the first unpacks the file and
/// finds where records begin and end, one batch after the other; the second makes text of a batch, and several threads
/// may do that for several batches.
/// </summary>
public abstract class RecordReader
{
    /// <summary>A batch is handed on once it holds this many bytes.</summary>
    protected const int BatchBytes = 1 << 18;

    /// <summary>A batch is handed on once it holds this many records.</summary>
    protected const int BatchRecords = 1 << 12;

    /// <summary>What messages call the source.</summary>
    public abstract string Name { get; }

    /// <summary>The languages of the fields, by their codes.</summary>
    public abstract IReadOnlyList<string> Languages { get; }

    /// <summary>The first half: raw records in the order of the source. The caller disposes of each batch.</summary>
    /// <param name="bad">Told of what is wrong with the source.</param>
    /// <param name="cancellationToken">Ends the reading between two batches.</param>
    /// <exception cref="LlamaxException">The source cannot be read.</exception>
    public abstract IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken);

    /// <summary>The second half: appends the texts of a raw batch, without white space around them. Thread-safe.</summary>
    /// <param name="raw">A batch of <see cref="ReadRaw"/>.</param>
    /// <param name="records">Receives the records; those with an empty field are left out.</param>
    /// <param name="bad">Told of records that are none.</param>
    public abstract void Decode(RecordBatch raw, RecordBatch records, BadRecords bad);

    /// <summary>Both halves on this thread, for sources of a size that does not matter and for tests.</summary>
    /// <param name="bad">Told of what could not be read.</param>
    /// <param name="cancellationToken">Ends the reading between two batches.</param>
    public IEnumerable<RecordBatch> Read(BadRecords bad, CancellationToken cancellationToken = default)
    {
        foreach (var raw in ReadRaw(bad, cancellationToken))
        {
            using var records = new RecordBatch(Languages.Count, Math.Max(raw.Bytes, 16));
            using (raw)
            {
                Decode(raw, records, bad);
            }

            yield return records;
        }
    }

    /// <summary>A reader of a part of the source's one file; null where its records cannot be read apart from those before.</summary>
    /// <param name="part">Whole lines of the file.</param>
    internal virtual RecordReader? Of(TextFile part) => null;

    /// <summary>What a record of this kind of source is called.</summary>
    protected virtual string Unit => "line";

    /// <summary>Counts a bad record.</summary>
    /// <param name="bad">Where to.</param>
    /// <param name="number">The record's number, from 1.</param>
    /// <param name="reason">Why, in words that are the same for the same fault.</param>
    /// <param name="detail">More about this one; may be empty.</param>
    protected void Report(BadRecords bad, long number, string reason, string detail = "") =>
        bad.Add($"{Name}, {Unit} {number}", number, reason, detail);

    /// <summary>Whether a raw batch is large enough to be handed on.</summary>
    protected static bool IsFull(RecordBatch batch) => batch.Bytes >= BatchBytes || batch.Count >= BatchRecords;
}
