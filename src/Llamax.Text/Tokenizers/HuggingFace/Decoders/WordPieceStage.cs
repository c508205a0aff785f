namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>WordPiece</c>: joins tokens with a prefix to the one before, and puts a space before the others.</summary>
internal sealed class WordPieceStage(string prefix, bool cleanup) : WholeTokenStage
{
    // The library's list, in its order.
    private static readonly (string From, string To)[] Cleaned =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    private bool isFirst = true;

    /// <inheritdoc/>
    protected override void TakeToken(string token)
    {
        if (!isFirst)
        {
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        }

        isFirst = false;
        foreach (var (from, to) in cleanup ? Cleaned : [])
        {
            token = token.Replace(from, to, StringComparison.Ordinal);
        }

        Next.Take(token, isEnd: true);
    }
}
