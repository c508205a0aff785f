namespace Llamax.Corpora.Readers.Records;

/// <summary>The second half of reading where the first one has texts already.</summary>
internal static class TrimmedRecords
{
    /// <summary>Appends the records without white space around their texts; those without texts enough are left out.</summary>
    public static void Copy(RecordBatch raw, RecordBatch records)
    {
        for (var i = 0; i < raw.Count; i++)
        {
            var texts = 0;
            for (var field = 0; field < raw.Fields; field++)
            {
                var (start, length) = Utf8Text.Trim(raw[i, field]);
                records.Append(raw[i, field].Slice(start, length));
                records.EndField();
                texts += length > 0 ? 1 : 0;
            }

            if (texts >= Math.Min(2, raw.Fields))
            {
                records.EndRecord(raw.Number(i));
            }
            else
            {
                records.Abandon();
            }
        }
    }
}
