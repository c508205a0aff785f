namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Whole words: the text is cut before every ▁ (also where the model writes spaces behind the words: the library cuts
/// no other way), and a word that is no piece is unknown.
/// </summary>
internal sealed class WordEncoder(PieceTable pieces) : IPieceEncoder
{
    public void Encode(EncoderWorkspace workspace)
    {
        var text = workspace.Normalized.Written;
        for (var start = 0; start < text.Length;)
        {
            var next = text[(start + 1)..].IndexOf("▁"u8);
            var length = next < 0 ? text.Length - start : next + 1;
            workspace.Segments.Add(new Segment(start, length, pieces.FindWhole(text.Slice(start, length))));
            start += length;
        }
    }
}
