namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>How SentencePiece steps over UTF-8.</summary>
internal static class Utf8
{
    /// <summary>
    /// Length of the first character of a text that is not empty. Only the first byte is looked at, which is right in
    /// normalised text: there is nothing invalid left in it, unless the normaliser's own table puts it there.
    /// </summary>
    public static int CharacterLength(ReadOnlySpan<byte> text) => Math.Min(text.Length, CharacterLength(text[0]));

    /// <summary>Length of a character that begins with this byte; 1 where none does.</summary>
    public static int CharacterLength(byte first) => first switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
}
