using System.Globalization;
using System.Text;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>What the split patterns ask of a character.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>Neither letter nor number nor space, such as punctuation, symbols and unassigned code points.</summary>
    Other = 0,

    /// <summary><c>\p{L}</c>.</summary>
    Letter = 1,

    /// <summary><c>\p{N}</c>.</summary>
    Number = 2,

    /// <summary><c>\s</c>: the property White_Space.</summary>
    Space = 4,

    /// <summary><c>[\r\n]</c>; spaces as well.</summary>
    Newline = 8,

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>: what the first part of a word may hold in o200k's pattern.</summary>
    WordHead = 16,

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>: what the rest of a word may hold in o200k's pattern.</summary>
    WordTail = 32,
}

/// <summary>
/// The classes of all code points in two stages: the block of a code point, then its place in the block. The data are
/// .NET's (Unicode 16), which agree in every code point with the regex libraries of the reference tokenizers.
/// </summary>
internal static class CharacterClasses
{
    private const int BlockBits = 7;
    private const int BlockSize = 1 << BlockBits;

    private static readonly ushort[] Blocks = new ushort[0x110000 >> BlockBits];
    private static readonly CharacterClass[] Classes = Build(Blocks);
    private static readonly CharacterClass[] Basic = [.. Enumerable.Range(0, 0x10000).Select(Of)]; // Without stages, for what almost all text consists of.

    /// <summary>The class of the character that starts at <paramref name="at"/>, and its length in bytes.</summary>
    /// <param name="utf8">Well-formed UTF-8.</param>
    /// <param name="at">Where a character starts.</param>
    /// <param name="length">1 to 4.</param>
    public static CharacterClass At(ReadOnlySpan<byte> utf8, int at, out int length)
    {
        int lead = utf8[at];
        if (lead < 0x80)
        {
            length = 1;
            return Basic[lead];
        }

        if (lead < 0xE0)
        {
            length = 2;
            return Basic[(lead & 0x1F) << 6 | (utf8[at + 1] & 0x3F)];
        }

        if (lead < 0xF0)
        {
            length = 3;
            return Basic[(lead & 0x0F) << 12 | (utf8[at + 1] & 0x3F) << 6 | (utf8[at + 2] & 0x3F)];
        }

        length = 4;
        return Of((lead & 0x07) << 18 | (utf8[at + 1] & 0x3F) << 12 | (utf8[at + 2] & 0x3F) << 6 | (utf8[at + 3] & 0x3F));
    }

    /// <summary>The class of a code point, 0 to 0x10FFFF.</summary>
    public static CharacterClass Of(int codePoint) =>
        Classes[Blocks[codePoint >> BlockBits] << BlockBits | codePoint & (BlockSize - 1)];

    /// <summary>Whether all bits of a mask are set. <see cref="Enum.HasFlag"/> allocates until the code around it is optimised.</summary>
    public static bool Has(this CharacterClass value, CharacterClass mask) => (value & mask) == mask;

    /// <summary>The end of the run of characters from <paramref name="at"/> on whose class, under the mask, is the wanted one.</summary>
    public static int EndOfRun(ReadOnlySpan<byte> utf8, int at, CharacterClass mask, CharacterClass wanted)
    {
        while (at < utf8.Length && (At(utf8, at, out var length) & mask) == wanted)
        {
            at += length;
        }

        return at;
    }

    private static CharacterClass[] Build(ushort[] blocks)
    {
        var classes = new List<CharacterClass>();
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        Span<char> block = stackalloc char[BlockSize];
        for (var i = 0; i < blocks.Length; i++)
        {
            for (var j = 0; j < BlockSize; j++)
            {
                block[j] = (char)Compute(i << BlockBits | j);
            }

            var content = block.ToString();
            if (!known.TryGetValue(content, out blocks[i]))
            {
                known.Add(content, blocks[i] = (ushort)known.Count);
                classes.AddRange(content.Select(value => (CharacterClass)value));
            }
        }

        return [.. classes];
    }

    private static CharacterClass Compute(int codePoint)
    {
        var result = CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.WordHead,
            UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.WordTail,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter =>
                CharacterClass.Letter | CharacterClass.WordHead | CharacterClass.WordTail,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
                CharacterClass.WordHead | CharacterClass.WordTail,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => CharacterClass.Other,
        };
        if (Rune.TryCreate(codePoint, out var rune) && Rune.IsWhiteSpace(rune))
        {
            result |= codePoint is '\r' or '\n' ? CharacterClass.Space | CharacterClass.Newline : CharacterClass.Space;
        }

        return result;
    }
}
