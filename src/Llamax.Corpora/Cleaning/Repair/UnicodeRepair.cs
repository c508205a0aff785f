using System.Buffers;
using System.Text;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Cleaning.Repair;

/// <summary>
/// Takes out of a text what no reader sees and no writer meant: control characters but for tab and line end, byte order
/// marks, soft hyphens, directional and other invisible marks, characters that were lost. Joiners stay behind letters of
/// scripts that need them, zero-width spaces where they stand for spaces.
/// </summary>
internal static class UnicodeRepair
{
    // Lead bytes of what may have to be repaired; C3 for UTF-8 read as Windows-1252.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value).Where(value => value is not ((byte)'\t' or (byte)'\n')), 0x7F, 0xC2, 0xC3, 0xE2, 0xEF]);

    private enum Fault
    {
        None,
        Remove,
        LineEnd,
        Latin1,
        Joiner,
        ZeroWidthSpace,
        Lost,
        Mojibake,
    }

    /// <summary>Appends the repaired text to the field that is being written.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="output">Receives it.</param>
    /// <param name="lost">Replacement characters that were taken out.</param>
    /// <returns>Whether anything was changed.</returns>
    public static bool Append(ReadOnlySpan<byte> text, RecordBatch output, out int lost)
    {
        lost = 0;
        var (begin, changed, isUndone) = (0, false, false);
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            var fault = FaultAt(text[at..], out var length);
            if (fault == Fault.Mojibake && !isUndone)
            {
                isUndone = true;
                if (Mojibake.Undo(text) is { } undone)
                {
                    output.Shorten(0);
                    text = undone;
                    (begin, at, changed, lost) = (0, 0, true, 0);
                    continue;
                }
            }

            if (fault is Fault.None or Fault.Mojibake)
            {
                at += length;
                continue;
            }

            output.Append(text[begin..at]);
            if (Keeps(fault, output.Current))
            {
                begin = at;
                at += length;
                continue;
            }

            changed = true;
            Replace(fault, text[at..], output);
            lost += fault == Fault.Lost ? 1 : 0;
            begin = at += length;
        }

        output.Append(text[begin..]);
        return changed;
    }

    private static int Next(ReadOnlySpan<byte> text, int from)
    {
        var found = text[from..].IndexOfAny(Suspects);
        return found < 0 ? -1 : from + found;
    }

    private static Fault FaultAt(ReadOnlySpan<byte> text, out int length)
    {
        length = text[0] switch { < 0x80 => 1, < 0xE0 => 2, _ => 3 };
        if (length > text.Length)
        {
            length = text.Length; // No UTF-8.
            return Fault.None;
        }

        return text[0] switch
        {
            (byte)'\r' => text.Length > 1 && text[1] == '\n' ? Fault.Remove : Fault.LineEnd,
            0x0B or 0x0C => Fault.LineEnd,
            < 0x80 => Fault.Remove,
            0xC2 => text[1] is >= 0x80 and < 0xA0 ? Fault.Latin1 : text[1] == 0xAD ? Fault.Remove : Fault.None,
            0xC3 => Mojibake.MayBegin(text) ? Fault.Mojibake : Fault.None,
            0xE2 => text[1] switch { 0x80 => GeneralPunctuation(text[2]), 0x81 => text[2] is >= 0xA0 and <= 0xAF ? Fault.Remove : Fault.None, _ => Fault.None },
            _ => Specials(text[1], text[2]),
        };
    }

    private static Fault GeneralPunctuation(byte last) => last switch
    {
        0x8B => Fault.ZeroWidthSpace,
        0x8C or 0x8D => Fault.Joiner,
        0x8E or 0x8F or (>= 0xAA and <= 0xAE) => Fault.Remove, // Directional marks.
        0xA8 or 0xA9 => Fault.LineEnd,
        _ => Fault.None,
    };

    private static Fault Specials(byte second, byte last) => (second, last) switch
    {
        (0xBB, 0xBF) => Fault.Remove, // A byte order mark.
        (0xBF, 0xBD) => Fault.Lost,
        (0xBF, >= 0xB9 and <= 0xBB or >= 0xBE) or (0xB7, >= 0x90 and <= 0xAF) => Fault.Remove, // Annotations; no characters.
        _ => Fault.None,
    };

    private static bool Keeps(Fault fault, ReadOnlySpan<byte> before)
    {
        Rune.DecodeLastFromUtf8(before, out var rune, out var length);
        return length > 0 && fault switch
        {
            Fault.Joiner => rune.Value is >= 0x590 and not (>= 0x2000 and < 0x2070) and not 0xFFFD, // Arabic to Sinhala; emoji.
            Fault.ZeroWidthSpace => rune.Value is (>= 0xE00 and < 0x10A0) or (>= 0x1780 and < 0x1800) or (>= 0x1950 and < 0x1A00)
                or (>= 0x1A20 and < 0x1AB0) or (>= 0xA9E0 and < 0xAA00) or (>= 0xAA60 and < 0xAA80),
            _ => false,
        };
    }

    private static void Replace(Fault fault, ReadOnlySpan<byte> text, RecordBatch output)
    {
        switch (fault)
        {
            case Fault.LineEnd:
                output.Append("\n"u8);
                break;
            case Fault.Latin1 when Windows1252.Character(text[1]) is >= '\u00A0' and var character:
                var rune = new Rune(character);
                output.Advance(rune.EncodeToUtf8(output.Room(4)));
                break;
        }
    }
}
