namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>BPEDecoder</c>: the suffix that ends a word becomes a space, and nothing in the last token.</summary>
internal sealed class SuffixStage(string suffix) : WholeTokenStage
{
    private string? last;

    /// <inheritdoc/>
    public override void Finish()
    {
        if (last is not null)
        {
            Next.Take(last.Replace(suffix, "", StringComparison.Ordinal), isEnd: true);
        }

        Next.Finish();
    }

    /// <inheritdoc/>
    protected override void TakeToken(string token)
    {
        if (last is not null)
        {
            Next.Take(last.Replace(suffix, " ", StringComparison.Ordinal), isEnd: true);
        }

        last = token;
    }
}
