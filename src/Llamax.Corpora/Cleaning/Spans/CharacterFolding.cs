using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Characters;

namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>
/// What texts are compared by: letters and digits without case, accents (vowel points of Hebrew and Arabic, nuktas and
/// kana's voicing among them), width and other compatibility forms. Vowel signs that are letters' business stay; everything
/// else only separates words. A character that stands for several counts as these, so that composed and decomposed text is
/// the same. Immutable.
/// </summary>
internal sealed class CharacterFolding
{
    private const int PageBits = 7;
    private const int PageMask = (1 << PageBits) - 1;
    private const int LengthBits = 6; // Of what a character stands for; the longest takes 33 bytes.
    private const int LengthMask = (1 << LengthBits) - 1;
    private const int End = 0x33480; // Behind it there are no letters: planes 4 to 16 hold tags and private use.

    // Marks without which words are still the same for a comparison: accents, vowel points, nuktas, tone marks of kana.
    private static readonly (int First, int Last)[] Accents =
    [
        (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED), (0x8D3, 0x8FF),
        (0x93C, 0x93C), (0x9BC, 0x9BC), (0xA3C, 0xA3C), (0xABC, 0xABC), (0xB3C, 0xB3C), (0xCBC, 0xCBC), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
        (0x20D0, 0x20FF), (0x3099, 0x309A), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0x1D165, 0x1D172), (0xE0100, 0xE01EF),
    ];

    // How much of a word a character is worth was counted on FLORES-101: for one English word there are 1.6 Han characters
    // in Chinese; 0.8 and 1.5 kana in Japanese; 4.3 letters in Thai and Lao, 3.9 in Khmer, 3.1 in Burmese.
    private static readonly (int First, int Last, CharacterKind Kind)[] WithoutSpaces =
    [
        (0xE00, 0xEFF, CharacterKind.Quarter), (0x1000, 0x109F, CharacterKind.Quarter), (0x1780, 0x17FF, CharacterKind.Quarter),
        (0x1950, 0x19DF, CharacterKind.Quarter), (0x1A20, 0x1AAF, CharacterKind.Quarter), (0x3005, 0x3007, CharacterKind.Half),
        (0x3040, 0x312F, CharacterKind.Third), (0x31F0, 0x31FF, CharacterKind.Third), (0x3400, 0x4DBF, CharacterKind.Half),
        (0x4E00, 0x9FFF, CharacterKind.Half), (0xA9E0, 0xA9FF, CharacterKind.Quarter), (0xAA60, 0xAA7F, CharacterKind.Quarter),
        (0xF900, 0xFAFF, CharacterKind.Half), (0xFF66, 0xFF9F, CharacterKind.Third), (0x1B000, 0x1B16F, CharacterKind.Third),
        (0x20000, 0x3347F, CharacterKind.Half),
    ];

    /// <summary>The only instance.</summary>
    public static readonly CharacterFolding Default = new(); // Behind the tables, which it is made of.

    private readonly ushort[] pages = new ushort[End >> PageBits];
    private readonly FoldedCharacter[] characters;
    private readonly byte[] parts; // UTF-8 of what characters that stand for several are made of.

    private CharacterFolding()
    {
        var made = new ArrayBufferWriter<byte>();
        var numbers = new Dictionary<UInt128, ushort>();
        var all = new List<FoldedCharacter>();
        var page = new FoldedCharacter[1 << PageBits];
        for (var start = 0; start < End; start += page.Length)
        {
            for (var i = 0; i < page.Length; i++)
            {
                page[i] = Fold(start + i, made);
            }

            var content = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(page.AsSpan()));
            if (!numbers.TryGetValue(content, out var number))
            {
                numbers.Add(content, number = (ushort)(all.Count >> PageBits));
                all.AddRange(page);
            }

            pages[start >> PageBits] = number;
        }

        characters = [.. all];
        parts = made.WrittenSpan.ToArray();
    }

    /// <summary>What a character counts as.</summary>
    public FoldedCharacter this[int codePoint] =>
        (uint)codePoint < End ? characters[(pages[codePoint >> PageBits] << PageBits) | (codePoint & PageMask)] : default;

    /// <summary>What the characters of ASCII count as.</summary>
    public ReadOnlySpan<FoldedCharacter> Ascii => characters.AsSpan(0, 128);

    /// <summary>What a character of kind <see cref="CharacterKind.Several"/> stands for, as UTF-8 in which none is of that kind.</summary>
    public ReadOnlySpan<byte> Parts(FoldedCharacter character) => parts.AsSpan((int)(character.Value >> LengthBits), (int)(character.Value & LengthMask));

    private static FoldedCharacter Fold(int codePoint, ArrayBufferWriter<byte> made)
    {
        var kind = KindOf(codePoint);
        if (kind is CharacterKind.Separator or CharacterKind.Ignored)
        {
            return new FoldedCharacter(kind, 0);
        }

        int[] counting = [.. NormalForm.Parts(codePoint).Where(part => KindOf(part) != CharacterKind.Ignored)];
        if (counting.Length < 2)
        {
            return counting.Length == 0 ? new FoldedCharacter(CharacterKind.Ignored, 0) : new FoldedCharacter(KindOf(counting[0]), (uint)Lower(counting[0]));
        }

        var start = made.WrittenCount;
        foreach (var part in counting)
        {
            made.Advance(new Rune(part).EncodeToUtf8(made.GetSpan(4)));
        }

        return new FoldedCharacter(CharacterKind.Several, ((uint)start << LengthBits) | (uint)(made.WrittenCount - start));
    }

    private static CharacterKind KindOf(int codePoint)
    {
        switch (CharUnicodeInfo.GetUnicodeCategory(codePoint))
        {
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                return Array.Exists(Accents, range => codePoint >= range.First && codePoint <= range.Last) ? CharacterKind.Ignored : CharacterKind.Mark;
            case UnicodeCategory.DecimalDigitNumber:
                return CharacterKind.Letter;
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                var script = Array.FindIndex(WithoutSpaces, range => codePoint >= range.First && codePoint <= range.Last);
                return codePoint == 0x640 ? CharacterKind.Ignored // Tatweel, which only makes Arabic words longer.
                    : script < 0 ? CharacterKind.Letter : WithoutSpaces[script].Kind;
            case UnicodeCategory.Format:
                return codePoint == 0x200B ? CharacterKind.Separator : CharacterKind.Ignored; // Khmer puts it between words.
            case UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned:
                return CharacterKind.Ignored;
            default:
                return CharacterKind.Separator;
        }
    }

    private static int Lower(int codePoint)
    {
        if (!Rune.TryCreate(codePoint, out var rune))
        {
            return codePoint;
        }

        var digit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? (int)Rune.GetNumericValue(rune) : -1;
        return digit >= 0 ? '0' + digit : Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).Value;
    }
}
