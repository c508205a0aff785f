using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace;

/// <summary>Writes bytes as characters of the byte alphabet, in UTF-8.</summary>
internal static class ByteMapping
{
    /// <summary>Appends the characters of the bytes.</summary>
    public static void Append(ReadOnlySpan<byte> bytes, ByteBuffer output)
    {
        foreach (var value in bytes)
        {
            int character = ByteAlphabet.ToCharacter(value);
            if (character < 0x80)
            {
                output.Grow(1)[0] = (byte)character;
            }
            else
            {
                var room = output.Grow(2); // All are below U+0800.
                (room[0], room[1]) = ((byte)(0xC0 | character >> 6), (byte)(0x80 | character & 0x3F));
            }
        }
    }
}
