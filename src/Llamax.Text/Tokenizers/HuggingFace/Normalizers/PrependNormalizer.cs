using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary><c>Prepend</c>: puts a string before a text, unless that is empty.</summary>
internal sealed class PrependNormalizer(byte[] prefix) : TextNormalizer
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace)
    {
        if (!text.IsEmpty)
        {
            output.Append(prefix);
            output.Append(text);
        }
    }
}
