namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// JSON objects with the text in a field, as mC4 has it (<c>{"text": …, "timestamp": …, "url": …}</c>), or MADLAD-400,
/// where the text's line ends are written <c>\n</c> once more. Of an object without the field that is an Alpaca
/// instruction, the instruction, input and output are the text, on lines of their own.
/// </summary>
public sealed class JsonTextReader : JsonRecordReader
{
    private static readonly byte[][][] AlpacaFields = [["instruction"u8.ToArray()], ["input"u8.ToArray()], ["output"u8.ToArray()]];

    private readonly byte[][] field;
    private readonly string fieldName;
    private readonly bool escapedLineEnds;

    /// <summary>A reader of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="language">The texts' language.</param>
    /// <param name="field">The field that holds the text.</param>
    /// <param name="escapedLineEnds">Whether a backslash and an n in the text are a line end (MADLAD-400).</param>
    /// <param name="options">How to read.</param>
    public JsonTextReader(TextFile file, string language, string field, bool escapedLineEnds, ReadingOptions options)
        : base(file, [language], options)
    {
        fieldName = field;
        this.field = [System.Text.Encoding.UTF8.GetBytes(field)];
        this.escapedLineEnds = escapedLineEnds;
    }

    /// <inheritdoc/>
    internal override RecordReader OfLines(TextFile part) => new JsonTextReader(part, Languages[0], fieldName, escapedLineEnds, Options);

    /// <inheritdoc/>
    protected override void DecodeObject(ReadOnlySpan<byte> json, long number, RecordBatch records, BadRecords bad)
    {
        var problem = JsonFields.Copy(json, field, [], records, out var detail);
        if (problem == JsonFields.IsMissing && CopyAlpaca(json, records))
        {
            problem = null;
        }

        if (problem is not null)
        {
            records.Abandon();
            Report(bad, number, problem == JsonFields.IsMissing ? $"\"{fieldName}\" is missing" : problem, detail);
            return;
        }

        if (escapedLineEnds)
        {
            Unescape(records);
        }

        if (EndTrimmed(records))
        {
            records.EndRecord(number);
        }
        else
        {
            records.Abandon();
        }
    }

    private static bool CopyAlpaca(ReadOnlySpan<byte> json, RecordBatch records)
    {
        var isOne = false;
        foreach (var part in AlpacaFields)
        {
            var before = records.Current.Length;
            if (before > 0)
            {
                records.Append("\n"u8);
            }

            var start = records.Current.Length;
            var isThere = JsonFields.Copy(json, part, [], records, out _) is null;
            isOne |= isThere && part == AlpacaFields[0];
            if (Utf8Text.Trim(records.Current[start..]).Length == 0)
            {
                records.Shorten(before);
            }
        }

        return isOne;
    }

    /// <summary>Makes line ends of the current field's <c>\n</c>, in place.</summary>
    private static void Unescape(RecordBatch records)
    {
        var text = records.Current;
        var at = text.IndexOf("\\n"u8);
        if (at < 0)
        {
            return;
        }

        var kept = at;
        while (at < text.Length)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == 'n')
            {
                text[kept++] = (byte)'\n';
                at += 2;
            }
            else
            {
                text[kept++] = text[at++];
            }
        }

        records.Shorten(kept);
    }
}
