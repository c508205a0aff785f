using System.Text;
using System.Text.Unicode;
using Llamax.Corpora.Readers.Records;

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
    public static IEnumerable<string> Read(TextFile file) => Read(file, InvalidUtf8.Fail);

    /// <summary>Reads a file line by line.</summary>
    /// <param name="file">The file.</param>
    /// <param name="invalid">What becomes of a line that is not UTF-8.</param>
    /// <param name="statistics">Is kept up to date; null for nobody.</param>
    /// <exception cref="LlamaxException">
    /// It is not there, is damaged, has a line that is no UTF-8 (unless another way was chosen) or is longer than
    /// <see cref="MaximumLength"/>.
    /// </exception>
    public static IEnumerable<string> Read(TextFile file, InvalidUtf8 invalid, ReadingStatistics? statistics = null)
    {
        using var scanner = new LineScanner(file, statistics);
        while (Next(scanner, file, invalid, statistics, out var line))
        {
            if (line is not null)
            {
                yield return line;
            }
        }

        if (scanner.Damage is { } damage)
        {
            throw damage;
        }
    }

    private static bool Next(LineScanner scanner, TextFile file, InvalidUtf8 invalid, ReadingStatistics? statistics, out string? line)
    {
        var isThere = scanner.TryRead(out var utf8);
        line = isThere ? Decode(utf8, file, scanner.Number, invalid, statistics) : null;
        return isThere;
    }

    /// <summary>Reads what comes next; what is wrong with a damaged file is said with its name.</summary>
    internal static int Fill(Stream stream, Span<byte> buffer, TextFile file)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception exception) when (TextFile.IsDamage(exception))
        {
            throw new LlamaxException($"{file.Name} cannot be read to its end: {exception.Message}", exception);
        }
    }

    /// <summary>The line's text; null where it is to be left out.</summary>
    private static string? Decode(ReadOnlySpan<byte> line, TextFile file, long number, InvalidUtf8 invalid, ReadingStatistics? statistics)
    {
        if (invalid != InvalidUtf8.Fail && !Utf8.IsValid(line))
        {
            if (statistics is not null)
            {
                statistics.InvalidLines++;
            }

            return invalid == InvalidUtf8.Skip ? null : Encoding.UTF8.GetString(line);
        }

        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException exception)
        {
            throw new LlamaxException(
                $"{file.Name}, line {number}: byte {exception.Index + 1} is no UTF-8. Convert the file, for example with "
                + "`iconv -f ISO-8859-1 -t UTF-8`, or remove the line.", exception);
        }
    }
}
