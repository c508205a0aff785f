namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// The lines of a file as bytes, one after the other; a byte order mark and the carriage return of a line end are left out.
/// </summary>
internal sealed class LineScanner : IDisposable
{
    private readonly TextFile file;
    private readonly Stream stream;
    private readonly ReadingStatistics? statistics;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    public LineScanner(TextFile file, ReadingStatistics? statistics = null)
        : this(file, file.Open()) => this.statistics = statistics;

    /// <param name="file">The file, for messages.</param>
    /// <param name="stream">What is in it; closed with the scanner.</param>
    public LineScanner(TextFile file, Stream stream) => (this.file, this.stream) = (file, stream);

    /// <summary>Lines so far: the number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Why the file could not be read to its end, once <see cref="TryRead"/> has come to that place.</summary>
    public LlamaxException? Damage { get; private set; }

    /// <summary>Reads the next line; what is wrong with a damaged file ends it, see <see cref="Damage"/>.</summary>
    /// <param name="line">The line, valid until the next call.</param>
    /// <returns>Whether there was one; what a damaged file breaks off with is none.</returns>
    /// <exception cref="LlamaxException">The line is longer than <see cref="LineReader.MaximumLength"/>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        int newline;
        while ((newline = buffer.AsSpan((start + searched)..end).IndexOf((byte)'\n')) < 0)
        {
            searched = end - start;
            if (searched > LineReader.MaximumLength)
            {
                throw new LlamaxException(
                    $"{file.Name}, line {Number + 1}: longer than {LineReader.MaximumLength >> 20} MiB. Is this a text file, one text a line?");
            }

            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, searched);
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            if (!Fill())
            {
                line = Trim(buffer.AsSpan(0, end));
                var isLast = end > 0 && Damage is null;
                Number += isLast ? 1 : 0;
                end = 0;
                return isLast;
            }
        }

        newline += start + searched;
        line = Trim(buffer.AsSpan(start..newline));
        Number++;
        start = newline + 1;
        return true;
    }

    public void Dispose() => stream.Dispose();

    private bool Fill()
    {
        if (Damage is not null)
        {
            return false;
        }

        try
        {
            var read = stream.Read(buffer.AsSpan(end));
            end += read;
            if (statistics is not null)
            {
                statistics.Bytes += read;
            }

            return read > 0;
        }
        catch (Exception exception) when (TextFile.IsDamage(exception))
        {
            Damage = new LlamaxException($"{file.Name} cannot be read to its end: {exception.Message}", exception);
            return false;
        }
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (Number == 0 && file.IsBeginning && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
