using System.Buffers;
using System.Globalization;
using System.Text;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Puts UTF-8 into lower case by the rules of a language: those of Unicode's SpecialCasing.txt, the simple mappings
/// otherwise. Scripts without case stay as they are, and so do bytes that are no UTF-8. Immutable.
/// </summary>
/// <remarks>
/// Turkish, Azerbaijani and Crimean Tatar tell I with and without a dot apart; Lithuanian keeps the dot of i and j under
/// accents; a Greek sigma that ends a word has a form of its own in every language.
/// </remarks>
public sealed class LowerCase
{
    private const int DotAbove = 0x307;
    private const int CapitalIWithDot = 0x130;
    private const int CapitalSigma = 0x3A3;
    private const int EndOfTable = 0x2000; // What UTF-8 begins with E1 at the latest.
    private const int FirstWithoutCase = 0x590; // Hebrew to Myanmar; capitals begin again with Georgian.
    private const int Georgian = 0x10A0;
    private const int Radicals = 0x2E80; // To the end of the Chinese characters, and from Hangul to the compatibility forms.
    private const int Lisu = 0xA4D0;
    private const int Hangul = 0xABF0;
    private const int FullWidth = 0xFF21;

    private static readonly LowerCase General = new(isTurkic: false, isLithuanian: false);
    private static readonly LowerCase Turkic = new(isTurkic: true, isLithuanian: false);
    private static readonly LowerCase Lithuanian = new(isTurkic: false, isLithuanian: true);

    private readonly bool isTurkic;
    private readonly bool isLithuanian;
    private readonly ushort[] small; // By code point; 0 where rules decide or the length changes.

    private LowerCase(bool isTurkic, bool isLithuanian)
    {
        (this.isTurkic, this.isLithuanian) = (isTurkic, isLithuanian);
        small = new ushort[EndOfTable];
        for (var code = 0; code < EndOfTable; code++)
        {
            var (large, lower) = (new Rune(code), Simple(new Rune(code)));
            small[code] = HasRules(code) || large.Utf8SequenceLength != lower.Utf8SequenceLength ? (ushort)0 : (ushort)lower.Value;
        }
    }

    /// <summary>The rules of a language.</summary>
    /// <param name="language">The registry's code; one without rules of its own has the general ones.</param>
    public static LowerCase For(string language) => language switch
    {
        "tr" or "az" or "crh" => Turkic,
        "lt" => Lithuanian,
        _ => General,
    };

    /// <summary>Bytes that the lower case of a text has at most.</summary>
    /// <param name="length">The text's length in bytes.</param>
    public static int MaximumLength(int length) => checked(3 * length);

    /// <summary>Writes the lower case of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="output">As long as <see cref="MaximumLength"/> says.</param>
    /// <returns>Bytes written.</returns>
    public int Write(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var (at, written) = (0, 0);
        while (true)
        {
            at += WriteByTable(text[at..], output[written..], out var more);
            written += more;
            if (at == text.Length)
            {
                return written;
            }

            if (Rune.DecodeFromUtf8(text[at..], out var rune, out var length) != OperationStatus.Done)
            {
                text.Slice(at, length).CopyTo(output[written..]);
                written += length;
            }
            else if (rune.Value != DotAbove || !isTurkic || !FollowsCapitalI(text[..at]))
            {
                var special = Special(rune.Value, text, at, length);
                if (special is null)
                {
                    written += Simple(rune).EncodeToUtf8(output[written..]);
                }
                else
                {
                    written += Encoding.UTF8.GetBytes(special, output[written..]);
                }
            }

            at += length;
        }
    }

    /// <summary>The lower case of a text.</summary>
    /// <param name="text">The text.</param>
    public string Of(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var lower = new byte[MaximumLength(utf8.Length)];
        return Encoding.UTF8.GetString(lower, 0, Write(utf8, lower));
    }

    /// <summary>Writes the lower case as far as the table has it and the text is UTF-8.</summary>
    /// <returns>Bytes of the text that were done.</returns>
    private int WriteByTable(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        var at = 0;
        written = 0;
        while (at < text.Length)
        {
            var (first, left) = (text[at], text.Length - at);
            var (code, length) = first switch
            {
                < 0x80 => (first, 1),
                >= 0xC2 and < 0xE0 when left > 1 && IsContinuation(text[at + 1]) => (((first & 0x1F) << 6) | (text[at + 1] & 0x3F), 2),
                0xE1 when left > 2 && IsContinuation(text[at + 1]) && IsContinuation(text[at + 2]) =>
                    (0x1000 | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F), 3),
                _ => (0, WithoutCase(text[at..])),
            };
            if (length == 1 && left > 1 && text[at + 1] < 0x80 && small['I'] != 0)
            {
                Ascii.ToLower(text[at..], output[written..], out length);
            }
            else if (code == 0 && length > 1)
            {
                text.Slice(at, length).CopyTo(output[written..]);
            }
            else if (small[code] is > 0 and var letter)
            {
                Put(letter, output.Slice(written, length));
            }
            else
            {
                break;
            }

            (at, written) = (at + length, written + length);
        }

        return at;
    }

    private static void Put(int letter, Span<byte> output)
    {
        switch (output.Length)
        {
            case 1:
                output[0] = (byte)letter;
                break;
            case 2:
                (output[0], output[1]) = ((byte)(0xC0 | (letter >> 6)), (byte)(0x80 | (letter & 0x3F)));
                break;
            default:
                (output[0], output[1], output[2]) = ((byte)(0xE0 | (letter >> 12)), (byte)(0x80 | ((letter >> 6) & 0x3F)), (byte)(0x80 | (letter & 0x3F)));
                break;
        }
    }

    /// <summary>Bytes of the characters of three bytes without case, and of what is ASCII and no letter among them, at the text's start.</summary>
    private static int WithoutCase(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] < 'A')
            {
                at++;
            }
            else if (text[at] is 0xE0 or (>= 0xE3 and <= 0xE9) or 0xEB or 0xEC // Scripts of India, Thai, Lao, Tibetan; kana, Chinese; most of Hangul.
                && at + 2 < text.Length && IsContinuation(text[at + 1]) && IsContinuation(text[at + 2]))
            {
                at += 3;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    private static Rune Simple(Rune rune) => rune.Value switch
    {
        (>= FirstWithoutCase and < Georgian) or (>= Radicals and < Lisu) or (>= Hangul and < FullWidth) => rune,
        _ => Rune.ToLowerInvariant(rune),
    };

    /// <summary>Whether <see cref="Special"/> may have another answer than the simple mapping, or the character may fall away.</summary>
    private bool HasRules(int code) => code is CapitalIWithDot or CapitalSigma
        || (isTurkic && code is 'I' or DotAbove) || (isLithuanian && code is 'I' or 'J' or 0xCC or 0xCD or 0x128 or 0x12E);

    private string? Special(int rune, ReadOnlySpan<byte> text, int at, int length) => rune switch
    {
        CapitalIWithDot => isTurkic ? "i" : "i\u0307",
        CapitalSigma => IsFinal(text, at, length) ? "ς" : "σ",
        'I' when isTurkic => IsFollowedByAbove(text[(at + length)..], DotAbove) ? "i" : "ı",
        'I' when isLithuanian && IsFollowedByAbove(text[(at + length)..]) => "i\u0307",
        'J' when isLithuanian && IsFollowedByAbove(text[(at + length)..]) => "j\u0307",
        0x12E when isLithuanian && IsFollowedByAbove(text[(at + length)..]) => "į\u0307",
        0xCC when isLithuanian => "i\u0307\u0300",
        0xCD when isLithuanian => "i\u0307\u0301",
        0x128 when isLithuanian => "i\u0307\u0303",
        _ => null,
    };

    /// <summary>Final_Sigma: a letter with case stands before and none behind, whatever case ignores between.</summary>
    private static bool IsFinal(ReadOnlySpan<byte> text, int at, int length)
    {
        var before = text[..at];
        while (Rune.DecodeLastFromUtf8(before, out var rune, out var bytes) == OperationStatus.Done)
        {
            if (!IsIgnored(rune))
            {
                if (!IsCased(rune))
                {
                    return false;
                }

                break;
            }

            before = before[..^bytes];
        }

        if (before.IsEmpty)
        {
            return false;
        }

        var after = text[(at + length)..];
        while (Rune.DecodeFromUtf8(after, out var rune, out var bytes) == OperationStatus.Done)
        {
            if (!IsIgnored(rune))
            {
                return !IsCased(rune);
            }

            after = after[bytes..];
        }

        return true;
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnored(Rune rune) =>
        rune.Value is '\'' or '.' or ':' or '·' or '’' or '‘' or '․' or '‧' or '︓' or '︰' or '﹒' or '＇' or '．' or '：'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    /// <summary>Whether a mark above comes next, marks that stand elsewhere between.</summary>
    private static bool IsFollowedByAbove(ReadOnlySpan<byte> text, int mark = 0)
    {
        while (Rune.DecodeFromUtf8(text, out var rune, out var bytes) == OperationStatus.Done && IsMark(rune))
        {
            if (IsAbove(rune.Value))
            {
                return mark == 0 || rune.Value == mark;
            }

            text = text[bytes..];
        }

        return false;
    }

    private static bool FollowsCapitalI(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeLastFromUtf8(text, out var rune, out var bytes) == OperationStatus.Done)
        {
            if (!IsMark(rune) || IsAbove(rune.Value))
            {
                return rune.Value == 'I';
            }

            text = text[..^bytes];
        }

        return false;
    }

    private static bool IsMark(Rune rune) => rune.Value >= 0x300 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;

    /// <summary>Canonical combining class 230, of the marks that stand over Latin letters.</summary>
    private static bool IsAbove(int code) => code is (>= 0x300 and <= 0x314) or (>= 0x33D and <= 0x344) or 0x346 or (>= 0x34A and <= 0x34C)
        or (>= 0x350 and <= 0x352) or 0x357 or 0x35B or (>= 0x363 and <= 0x36F) or (>= 0x1DC0 and <= 0x1DC1) or (>= 0x1DD1 and <= 0x1DF5);
}
