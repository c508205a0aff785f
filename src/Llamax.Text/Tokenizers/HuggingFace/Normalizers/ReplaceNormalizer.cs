using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary><c>Replace</c>: puts a string in place of every match of a pattern.</summary>
internal sealed class ReplaceNormalizer(SplitPattern pattern, byte[] content) : TextNormalizer
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace)
    {
        var pieces = workspace.Matches;
        pattern.Split(text, pieces);
        var start = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            var end = pieces.End(i);
            output.Append(pieces.IsMatch(i) ? content : text[start..end]);
            workspace.StartRemoved |= i == 0 && pieces.IsMatch(0) && content.Length == 0;
            start = end;
        }
    }
}
