namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Reads files of lines, side by side where there are several: line n of each belongs to record n. The first half cuts
/// the lines, the second makes texts of them.
/// </summary>
public abstract class LineRecordReader : RecordReader
{
    private readonly IReadOnlyList<TextFile> files;

    /// <summary>A reader of these files.</summary>
    /// <param name="files">One, or several with as many lines each.</param>
    /// <param name="languages">The languages of a record's fields.</param>
    /// <param name="options">How to read.</param>
    protected LineRecordReader(IReadOnlyList<TextFile> files, IReadOnlyList<string> languages, ReadingOptions options)
    {
        this.files = files;
        Languages = languages;
        Options = options;
    }

    /// <inheritdoc/>
    public override string Name => files[0].Name;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Languages { get; }

    /// <summary>How to read.</summary>
    protected ReadingOptions Options { get; }

    /// <summary>Lines at the beginning that are no records.</summary>
    protected virtual int HeaderLines => 0;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken)
    {
        var scanners = new List<LineScanner>();
        try
        {
            scanners.AddRange(files.Count == 1 ? [new LineScanner(files[0])] : files.Zip(TextFile.OpenTogether(files), (file, stream) => new LineScanner(file, stream)));

            for (var skipped = 0; skipped < HeaderLines && Append(scanners, null); skipped++)
            {
            }

            var (more, batch) = (true, new RecordBatch(files.Count, BatchBytes));
            while (more)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while ((more = Append(scanners, batch)) && !IsFull(batch))
                {
                }

                if (batch.Count > 0)
                {
                    yield return batch;
                    batch = new RecordBatch(files.Count, BatchBytes);
                }
            }

            batch.Dispose();
            CheckEnd(scanners, bad);
        }
        finally
        {
            scanners.ForEach(scanner => scanner.Dispose());
        }
    }

    /// <inheritdoc/>
    public sealed override void Decode(RecordBatch raw, RecordBatch records, BadRecords bad)
    {
        for (var i = 0; i < raw.Count; i++)
        {
            DecodeOne(raw, i, records, bad);
        }
    }

    /// <summary>Makes texts of one raw record, or leaves it out; calls <see cref="TryMend"/> on each line.</summary>
    /// <param name="raw">The raw records.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="records">Receives the record.</param>
    /// <param name="bad">Told why it is none.</param>
    protected abstract void DecodeOne(RecordBatch raw, int index, RecordBatch records, BadRecords bad);

    /// <summary>A line as UTF-8, or false where it is left out, which is counted.</summary>
    protected bool TryMend(RecordBatch raw, int index, int field, BadRecords bad, out ReadOnlySpan<byte> line)
    {
        var number = raw.Number(index);
        if (Utf8Text.TryMend(raw[index, field], Options.InvalidUtf8, () => $"{files[field].Name}, {Unit} {number}", out line))
        {
            return true;
        }

        Report(bad, number, "no UTF-8");
        return false;
    }

    /// <summary>Ends the current field without the white space around it.</summary>
    /// <returns>Whether anything is left.</returns>
    protected static bool EndTrimmed(RecordBatch records)
    {
        var (start, length) = Utf8Text.Trim(records.Current);
        records.EndField(start, length);
        return length > 0;
    }

    private static bool Append(List<LineScanner> scanners, RecordBatch? batch)
    {
        foreach (var scanner in scanners)
        {
            if (!scanner.TryRead(out var line))
            {
                batch?.Abandon();
                return false;
            }

            batch?.Append(line);
            batch?.EndField();
        }

        batch?.EndRecord(scanners[0].Number);
        return true;
    }

    /// <summary>Says where a file is cut off, and that files which belong together differ in length.</summary>
    private void CheckEnd(List<LineScanner> scanners, BadRecords bad)
    {
        var damaged = scanners.FindIndex(scanner => scanner.Damage is not null);
        if (damaged >= 0)
        {
            var scanner = scanners[damaged];
            bad.Add($"{files[damaged].Name}, after line {scanner.Number}", scanner.Number + 1, "the file is damaged or cut off; its lines up to there are kept", scanner.Damage!.InnerException!.Message);
            return;
        }

        var lines = scanners.ConvertAll(scanner =>
        {
            while (scanner.TryRead(out _))
            {
            }

            return scanner.Number;
        });
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i] != lines[0])
            {
                throw new LlamaxException(
                    $"{files[i].Name} has {lines[i]} lines, but {files[0].Name} has {lines[0]}. Line-aligned files need as many lines each.");
            }
        }
    }
}
