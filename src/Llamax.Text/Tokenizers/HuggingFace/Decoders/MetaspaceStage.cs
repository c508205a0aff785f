namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>Metaspace</c>: ▁ (or another character) becomes a space, or nothing in the first token where a space was put before the text.</summary>
internal sealed class MetaspaceStage(string replacement, bool dropsFirst) : DecodingStage
{
    private bool inFirst = true;

    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd)
    {
        for (var found = text.IndexOf(replacement); found >= 0; found = text.IndexOf(replacement))
        {
            Next.Take(text[..found], isEnd: false);
            Next.Take(inFirst && dropsFirst ? "" : " ", isEnd: false);
            text = text[(found + replacement.Length)..];
        }

        Next.Take(text, isEnd);
        inFirst &= !isEnd;
    }
}
