namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>Fuse</c>: makes one token of all.</summary>
internal sealed class FuseStage : DecodingStage
{
    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd) => Next.Take(text, isEnd: false);

    /// <inheritdoc/>
    public override void Finish()
    {
        Next.Take([], isEnd: true);
        Next.Finish();
    }
}
