using System.Text;

namespace Llamax.Corpora.Readers;

/// <summary>Lines of UTF-8 text, one after the other; a byte order mark and the carriage return of a line end are left out.</summary>
public static class LineReader
{
    /// <summary>Longest line that is read, in bytes.</summary>
    public const int MaximumLength = 1 << 26;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file line by line.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="LlamaxException">
    /// It is not there, is damaged, has a line that is no UTF-8 or is longer than <see cref="MaximumLength"/>.
    /// </exception>
    public static IEnumerable<string> Read(TextFile file)
    {
        using var stream = file.Open();
        var buffer = new byte[1 << 16];
        var (start, end) = (0, 0);
        for (var number = 1L; ; number++)
        {
            int newline;
            var searched = 0;
            while ((newline = buffer.AsSpan((start + searched)..end).IndexOf((byte)'\n')) < 0)
            {
                searched = end - start;
                if (searched > MaximumLength)
                {
                    throw new LlamaxException($"{file.Name}, line {number}: longer than {MaximumLength >> 20} MiB. Is this a text file, one text a line?");
                }

                buffer.AsSpan(start..end).CopyTo(buffer);
                (start, end) = (0, searched);
                if (end == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                var read = Fill(stream, buffer.AsSpan(end), file);
                if (read == 0)
                {
                    if (end > 0)
                    {
                        yield return Decode(buffer.AsSpan(0, end), file, number);
                    }

                    yield break;
                }

                end += read;
            }

            newline += start + searched;
            yield return Decode(buffer.AsSpan(start..newline), file, number);
            start = newline + 1;
        }
    }

    /// <summary>Reads what comes next; what is wrong with a damaged file is said with its name.</summary>
    internal static int Fill(Stream stream, Span<byte> buffer, TextFile file)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new LlamaxException($"{file.Name} cannot be read to its end: {exception.Message}", exception);
        }
    }

    private static string Decode(ReadOnlySpan<byte> line, TextFile file, long number)
    {
        if (number == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        try
        {
            return Strict.GetString(line.EndsWith("\r"u8) ? line[..^1] : line);
        }
        catch (DecoderFallbackException exception)
        {
            throw new LlamaxException(
                $"{file.Name}, line {number}: byte {exception.Index + 1} is no UTF-8. Convert the file, for example with "
                + "`iconv -f ISO-8859-1 -t UTF-8`, or remove the line.", exception);
        }
    }
}
