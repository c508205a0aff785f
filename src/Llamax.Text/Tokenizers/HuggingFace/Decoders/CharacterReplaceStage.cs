namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>Replace</c> of one character, which needs no whole tokens.</summary>
internal sealed class CharacterReplaceStage(char pattern, string content) : DecodingStage
{
    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd)
    {
        for (var found = text.IndexOf(pattern); found >= 0; found = text.IndexOf(pattern))
        {
            Next.Take(text[..found], isEnd: false);
            Next.Take(content, isEnd: false);
            text = text[(found + 1)..];
        }

        Next.Take(text, isEnd);
    }
}
