using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>Matches a string.</summary>
internal sealed class LiteralPattern(byte[] literal) : SplitPattern
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        pieces.Clear();
        var at = 0;
        for (var found = utf8.IndexOf(literal); found >= 0; found = utf8[at..].IndexOf(literal))
        {
            if (found > 0)
            {
                pieces.Add(at + found, isMatch: false);
            }

            at += found + literal.Length;
            pieces.Add(at);
        }

        if (at < utf8.Length)
        {
            pieces.Add(utf8.Length, isMatch: false);
        }
    }
}
