using System.Text;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// Joins the byte strings of tokens and reads them as UTF-8. What is no UTF-8 becomes U+FFFD, one for each longest part
/// of a character that breaks off, as in Rust's <c>from_utf8_lossy</c>.
/// </summary>
internal sealed class ByteLevelDecoder(ByteVocabulary vocabulary, Func<int, bool> isSilent) : TokenDecoder
{
    private readonly Decoder decoder = new UTF8Encoding().GetDecoder();
    private char[] characters = new char[64];

    /// <inheritdoc/>
    public override void Add(int id, StringBuilder text)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, vocabulary.Count);
        if (!isSilent(id))
        {
            Append(vocabulary[id], text, flush: false);
        }
    }

    /// <inheritdoc/>
    public override void Finish(StringBuilder text) => Append([], text, flush: true);

    private void Append(ReadOnlySpan<byte> bytes, StringBuilder text, bool flush)
    {
        var needed = bytes.Length + 4; // What was held back may come out, too.
        if (characters.Length < needed)
        {
            characters = new char[2 * needed];
        }

        text.Append(characters, 0, decoder.GetChars(bytes, characters, flush));
    }
}
