using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary>One step of what happens to a text before it is cut.</summary>
internal abstract class TextNormalizer
{
    /// <summary>Appends what becomes of a text.</summary>
    /// <param name="text">Well-formed UTF-8.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="workspace">For scratch memory; learns whether the text's first character was taken away.</param>
    public abstract void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace);
}
