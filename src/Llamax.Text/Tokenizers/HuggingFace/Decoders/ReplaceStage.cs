using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>Replace</c>: puts a string in place of every match of a pattern within a token.</summary>
internal sealed class ReplaceStage(SplitPattern pattern, string content) : WholeTokenStage
{
    private readonly SplitPieces pieces = new();

    /// <inheritdoc/>
    protected override void TakeToken(string token)
    {
        var utf8 = Encoding.UTF8.GetBytes(token);
        pattern.Split(utf8, pieces);
        var start = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            Next.Take(pieces.IsMatch(i) ? content : Encoding.UTF8.GetString(utf8, start, pieces.End(i) - start), isEnd: false);
            start = pieces.End(i);
        }

        Next.Take([], isEnd: true);
    }
}
