using System.Buffers;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>What tokenizers do with UTF-8.</summary>
internal static class Utf8
{
    /// <summary>
    /// Length of the first character of a text that is not empty. Only the first byte is looked at, which is right in
    /// normalised text: there is nothing invalid left in it, unless the normaliser's own table puts it there.
    /// </summary>
    public static int CharacterLength(ReadOnlySpan<byte> text) => Math.Min(text.Length, CharacterLength(text[0]));

    /// <summary>Length of a character that begins with this byte; 1 where none does.</summary>
    public static int CharacterLength(byte first) => first switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };

    /// <summary>Reads a character of two or three bytes, which are those from U+0080 to U+FFFF.</summary>
    /// <param name="text">Perhaps invalid.</param>
    /// <param name="codePoint">The character.</param>
    /// <returns>Its length in bytes; 0 where there is none.</returns>
    public static int DecodeBasic(ReadOnlySpan<byte> text, out int codePoint)
    {
        if (text.Length >= 2 && text[0] is >= 0xC2 and < 0xE0 && (text[1] & 0xC0) == 0x80)
        {
            codePoint = (text[0] & 0x1F) << 6 | (text[1] & 0x3F);
            return 2;
        }

        if (text.Length >= 3 && text[0] is >= 0xE0 and < 0xF0 && (text[1] & 0xC0) == 0x80 && (text[2] & 0xC0) == 0x80)
        {
            codePoint = (text[0] & 0xF) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F);
            return codePoint < 0x800 || codePoint >> 11 == 0x1B ? 0 : 3; // Too long a form, or half a surrogate pair.
        }

        codePoint = 0;
        return 0;
    }

    /// <summary>The text with U+FFFD for each longest part of a character that breaks off.</summary>
    /// <param name="text">Perhaps invalid.</param>
    /// <param name="repaired">Holds the result where the text is invalid; what it held is gone.</param>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> text, ByteBuffer repaired)
    {
        repaired.Truncate(0);
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            return text;
        }

        while (!text.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done;
            repaired.Append(valid ? text[..length] : "\uFFFD"u8);
            text = text[length..];
        }

        return repaired.Written;
    }
}
