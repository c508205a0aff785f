using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary><c>ByteLevel</c>: writes every byte as its character of the byte alphabet.</summary>
internal sealed class ByteMappingNormalizer : TextNormalizer
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace) => ByteMapping.Append(text, output);
}
