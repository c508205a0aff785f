namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Single characters; only user-defined pieces are longer, the longest first.</summary>
internal sealed class CharacterEncoder(PieceTable pieces, ByteTrie? userDefined) : IPieceEncoder
{
    public void Encode(EncoderWorkspace workspace)
    {
        var text = workspace.Normalized.Written;
        for (var start = 0; start < text.Length;)
        {
            var length = userDefined?.LongestPrefix(text[start..]) ?? 0;
            length = length > 0 ? length : Utf8.CharacterLength(text[start..]);
            workspace.Segments.Add(new Segment(start, length, pieces.FindWhole(text.Slice(start, length))));
            start += length;
        }
    }
}
