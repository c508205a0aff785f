using System.Buffers;
using System.Globalization;
using System.Text;

namespace Llamax.Corpora.Cleaning.Repair;

/// <summary>
/// Undoes UTF-8 that was read as Windows-1252 or Latin-1 (<c>Ã©</c> for é, <c>â€™</c> for ’). A line is undone where all its
/// characters that could be bytes of UTF-8 make valid and plausible characters; one that only looks like it stays.
/// </summary>
internal static class Mojibake
{
    private const int MostRounds = 3; // Text that went the wrong way several times.

    /// <summary>Whether at this place, which holds the byte C3, there may be the first two characters of such a sequence.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> utf8) =>
        utf8.Length > 3 && utf8[1] is >= 0x82 and <= 0xB4 && utf8[2] is 0xC2 or 0xC5 or 0xC6 or 0xCB or 0xE2;

    /// <summary>Undoes the lines of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <returns>The text without them; null where there are none.</returns>
    public static byte[]? Undo(ReadOnlySpan<byte> text)
    {
        var result = new ArrayBufferWriter<byte>(text.Length);
        var any = false;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            byte[]? undone = null;
            for (var round = 0; round < MostRounds && UndoLine(undone ?? line) is { } next; round++)
            {
                undone = next;
            }

            any |= undone is not null;
            result.Write(undone ?? line);
            if (end >= 0)
            {
                result.Write("\n"u8);
            }
        }

        return any ? result.WrittenSpan.ToArray() : null;
    }

    private static byte[]? UndoLine(ReadOnlySpan<byte> line)
    {
        var result = new byte[line.Length]; // Never longer than the line.
        var (written, groups, weak) = (0, 0, 0);
        var before = default(Rune);
        while (!line.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(line, out var rune, out var length) != OperationStatus.Done)
            {
                return null;
            }

            var value = Windows1252.Byte(rune.Value);
            if (value >= 0x80 && rune.Value != 0xA0) // A no-break space says nothing.
            {
                if (Sequence(line, out var decoded) is not (> 0 and var size) || !IsPlausible(decoded, before))
                {
                    return null;
                }

                groups++;
                weak += IsWeak(rune, decoded, before) ? 1 : 0;
                (rune, length) = (decoded, size);
            }

            written += rune.EncodeToUtf8(result.AsSpan(written));
            before = rune;
            line = line[length..];
        }

        return groups > 1 || groups > weak ? result[..written] : null;
    }

    /// <summary>Reads the characters that begin the line as bytes of one UTF-8 character; returns how long they are, or 0.</summary>
    private static int Sequence(ReadOnlySpan<byte> line, out Rune decoded)
    {
        Span<byte> bytes = stackalloc byte[4];
        var (count, wanted, at) = (0, 1, 0);
        decoded = default;
        while (count < wanted)
        {
            if (Rune.DecodeFromUtf8(line[at..], out var rune, out var length) != OperationStatus.Done || Windows1252.Byte(rune.Value) is not (>= 0x80 and var value))
            {
                return 0;
            }

            bytes[count++] = (byte)value;
            wanted = bytes[0] switch { < 0xC2 => 0, < 0xE0 => 2, < 0xF0 => 3, < 0xF5 => 4, _ => 0 };
            at += length;
        }

        return wanted > 0 && Rune.DecodeFromUtf8(bytes[..count], out decoded, out var used) == OperationStatus.Done && used == count ? at : 0;
    }

    /// <summary>
    /// Whether a character may stand behind another: it is one, and no letter of another script follows a Latin one, as
    /// would where "gagné…»" is taken for UTF-8.
    /// </summary>
    private static bool IsPlausible(Rune decoded, Rune before) => decoded.Value is >= 0xA0 and not (>= 0x800 and < 0x900)
        && Rune.GetUnicodeCategory(decoded) is not (UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Control)
        && (decoded.Value < 0x250 || !Rune.IsLetter(decoded) || before.Value >= 0x250 || !Rune.IsLetter(before));

    /// <summary>Whether a sequence could as well be two characters of a text in capitals, or a letter with an ellipsis or a quotation mark behind.</summary>
    private static bool IsWeak(Rune first, Rune decoded, Rune before) =>
        decoded.Value < 0x800 && (first.Value is 0xC2 or 0xC3 ? Rune.IsUpper(before) : !Rune.IsLower(before));
}
