namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>What the library does where a file names no decoder: a space between any two tokens.</summary>
internal sealed class JoinStage : DecodingStage
{
    private bool between;

    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd)
    {
        if (between)
        {
            Next.Take(" ", isEnd: false);
        }

        Next.Take(text, isEnd);
        between = isEnd;
    }
}
