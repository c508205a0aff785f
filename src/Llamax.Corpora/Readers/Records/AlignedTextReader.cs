namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Plain text: a line is a text; or line-aligned files, Moses' way, where line n of each says the same. A line of a
/// multi-way set that is empty in some languages is a record all the same as long as two of them have it.
/// </summary>
/// <param name="files">One, or several with as many lines each.</param>
/// <param name="languages">The language of each.</param>
/// <param name="options">How to read.</param>
public sealed class AlignedTextReader(IReadOnlyList<TextFile> files, IReadOnlyList<string> languages, ReadingOptions options)
    : LineRecordReader(files, languages, options)
{
    /// <inheritdoc/>
    internal override RecordReader? Of(TextFile part) => Languages.Count == 1 ? new AlignedTextReader([part], Languages, Options) : null;

    /// <inheritdoc/>
    protected override void DecodeOne(RecordBatch raw, int index, RecordBatch records, BadRecords bad)
    {
        var texts = 0;
        for (var field = 0; field < raw.Fields; field++)
        {
            if (!TryMend(raw, index, field, bad, out var line))
            {
                records.Abandon();
                return;
            }

            records.Append(line);
            texts += EndTrimmed(records) ? 1 : 0;
        }

        if (texts >= Math.Min(2, raw.Fields))
        {
            records.EndRecord(raw.Number(index));
        }
        else
        {
            records.Abandon();
        }
    }
}
