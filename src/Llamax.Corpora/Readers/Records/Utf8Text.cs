using System.Text;
using System.Text.Unicode;

namespace Llamax.Corpora.Readers.Records;

/// <summary>White space around UTF-8 text, and text that is not quite UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>Where a text begins and how long it is without the white space around it, Unicode's included.</summary>
    public static (int Start, int Length) Trim(ReadOnlySpan<byte> utf8)
    {
        var (start, end) = (0, utf8.Length);
        while (start < end)
        {
            Rune.DecodeFromUtf8(utf8[start..end], out var rune, out var bytes);
            if (!Rune.IsWhiteSpace(rune))
            {
                break;
            }

            start += bytes;
        }

        while (start < end)
        {
            Rune.DecodeLastFromUtf8(utf8[start..end], out var rune, out var bytes);
            if (!Rune.IsWhiteSpace(rune))
            {
                break;
            }

            end -= bytes;
        }

        return (start, end - start);
    }

    /// <summary>Makes UTF-8 of a line as the options say.</summary>
    /// <param name="line">The line.</param>
    /// <param name="policy">What becomes of one that is not UTF-8.</param>
    /// <param name="place">Calls the line by its name, for the error.</param>
    /// <param name="mended">The line, changed where needed.</param>
    /// <returns>Whether it is to be kept.</returns>
    public static bool TryMend(ReadOnlySpan<byte> line, InvalidUtf8 policy, Func<string> place, out ReadOnlySpan<byte> mended)
    {
        mended = line;
        if (Utf8.IsValid(line))
        {
            return true;
        }

        switch (policy)
        {
            case InvalidUtf8.Skip:
                return false;
            case InvalidUtf8.Replace:
                mended = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
                return true;
            default:
                throw NotUtf8(place(), line);
        }
    }

    /// <summary>The error for a line that is not UTF-8.</summary>
    public static LlamaxException NotUtf8(string place, ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out var bytes) == System.Buffers.OperationStatus.Done)
        {
            at += bytes;
        }

        return new LlamaxException(
            $"{place}: byte {at + 1} is no UTF-8. Convert the file, for example with `iconv -f ISO-8859-1 -t UTF-8`, or remove the line.");
    }
}
