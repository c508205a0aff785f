using System.Text;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// GPT-2's alphabet: every byte as one printable character, so that pieces can stand in <c>vocab.json</c> as text.
/// Printable bytes of Latin-1 are themselves; the others, in their order, are U+0100 and on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly short[] Bytes = Invert(Characters);

    /// <summary>The character of a byte.</summary>
    public static char ToCharacter(byte value) => Characters[value];

    /// <summary>The byte of a character, or -1.</summary>
    public static int ToByte(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>Writes bytes in the alphabet.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, bytes) =>
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = Characters[bytes[i]];
        }
    });

    /// <summary>
    /// Reads what the alphabet writes. A text with a character outside of it, as added tokens may be, stands for its own
    /// UTF-8, as Hugging Face's decoder has it.
    /// </summary>
    public static byte[] ToBytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var value = ToByte(text[i]);
            if (value < 0)
            {
                bytes = new byte[Encoding.UTF8.GetByteCount(text)];
                Encoding.UTF8.GetBytes(text, bytes);
                return bytes;
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
        {
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        }

        return characters;
    }

    private static short[] Invert(char[] characters)
    {
        var bytes = new short[characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[characters[value]] = (short)value;
        }

        return bytes;
    }
}
