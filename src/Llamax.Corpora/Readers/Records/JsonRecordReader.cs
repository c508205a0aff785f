using System.Runtime.InteropServices;
using System.Text.Json;

namespace Llamax.Corpora.Readers.Records;

/// <summary>JSON objects: one a line, or one array of them, which is told by its first character and taken into memory.</summary>
public abstract class JsonRecordReader : LineRecordReader
{
    private readonly TextFile file;
    private bool isArray;

    /// <summary>A reader of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The languages of a record's fields.</param>
    /// <param name="options">How to read.</param>
    protected JsonRecordReader(TextFile file, IReadOnlyList<string> languages, ReadingOptions options)
        : base([file], languages, options) => this.file = file;

    /// <inheritdoc/>
    protected override string Unit => isArray ? "entry" : "line";

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken)
    {
        isArray = !file.IsPart && BeginsArray();
        return isArray ? ReadArray(cancellationToken) : base.ReadRaw(bad, cancellationToken);
    }

    /// <inheritdoc/>
    internal sealed override RecordReader? Of(TextFile part) => BeginsArray() ? null : OfLines(part);

    /// <summary>A reader of a part of the file, which has an object a line.</summary>
    internal virtual RecordReader? OfLines(TextFile part) => null;

    /// <inheritdoc/>
    protected sealed override void DecodeOne(RecordBatch raw, int index, RecordBatch records, BadRecords bad)
    {
        if (TryMend(raw, index, 0, bad, out var line) && Utf8Text.Trim(line).Length > 0)
        {
            DecodeObject(line, raw.Number(index), records, bad);
        }
    }

    /// <summary>Makes texts of one object, or leaves it out.</summary>
    /// <param name="json">The object, if it is one: valid UTF-8.</param>
    /// <param name="number">Its number in the file.</param>
    /// <param name="records">Receives the record.</param>
    /// <param name="bad">Told why it is none.</param>
    protected abstract void DecodeObject(ReadOnlySpan<byte> json, long number, RecordBatch records, BadRecords bad);

    private bool BeginsArray()
    {
        using var stream = file.Open();
        var chunk = new byte[1 << 12];
        try
        {
            for (int read; (read = stream.Read(chunk)) > 0;)
            {
                var text = chunk.AsSpan(0, read).TrimStart("\uFEFF \t\r\n"u8);
                if (!text.IsEmpty)
                {
                    return text[0] == '[';
                }
            }
        }
        catch (Exception exception) when (TextFile.IsDamage(exception))
        {
            // What is wrong is said where the lines are read.
        }

        return false;
    }

    private IEnumerable<RecordBatch> ReadArray(CancellationToken cancellationToken)
    {
        using var array = Parse(JsonDocuments.Read(file));
        var (batch, number) = (new RecordBatch(1, BatchBytes), 0L);
        foreach (var entry in array.RootElement.EnumerateArray())
        {
            batch.Append(JsonMarshal.GetRawUtf8Value(entry));
            batch.EndField();
            batch.EndRecord(++number);
            if (IsFull(batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batch;
                batch = new RecordBatch(1, BatchBytes);
            }
        }

        yield return batch;
    }

    private JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{file.Name}: {exception.Message}", exception);
        }
    }
}
