using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>
/// <c>ByteLevel</c>: reads tokens as bytes in the byte alphabet, and all of them together as UTF-8. What is none becomes
/// U+FFFD, one for each longest part of a character that breaks off. The result is one token.
/// </summary>
internal sealed class ByteLevelStage : WholeTokenStage
{
    private readonly Decoder decoder = new UTF8Encoding().GetDecoder();
    private char[] characters = new char[64];

    /// <inheritdoc/>
    public override void Finish()
    {
        Append([], flush: true);
        Next.Take([], isEnd: true);
        Next.Finish();
    }

    /// <inheritdoc/>
    protected override void TakeToken(string token) => Append(ByteAlphabet.ToBytes(token), flush: false);

    private void Append(ReadOnlySpan<byte> bytes, bool flush)
    {
        var needed = bytes.Length + 4; // What was held back may come out, too.
        if (characters.Length < needed)
        {
            characters = new char[2 * needed];
        }

        Next.Take(characters.AsSpan(0, decoder.GetChars(bytes, characters, flush)), isEnd: false);
    }
}
