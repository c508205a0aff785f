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
