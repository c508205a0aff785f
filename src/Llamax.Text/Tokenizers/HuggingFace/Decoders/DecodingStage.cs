using System.Text;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>
/// One step of the way from tokens to text. The library's decoders work on the list of all tokens; here a token may also
/// come in parts, where a stage before joins many to one, so that text can be shown before it is all there.
/// </summary>
internal abstract class DecodingStage
{
    /// <summary>Where the results go.</summary>
    public DecodingStage Next { protected get; set; } = null!;

    /// <summary>Takes a token or a part of one.</summary>
    /// <param name="text">Whole characters.</param>
    /// <param name="isEnd">Whether the token ends here.</param>
    public abstract void Take(ReadOnlySpan<char> text, bool isEnd);

    /// <summary>Says that no more comes.</summary>
    public virtual void Finish() => Next.Finish();
}

/// <summary>A stage that needs to see tokens whole.</summary>
internal abstract class WholeTokenStage : DecodingStage
{
    private readonly StringBuilder held = new();

    /// <inheritdoc/>
    public sealed override void Take(ReadOnlySpan<char> text, bool isEnd)
    {
        if (isEnd && held.Length == 0)
        {
            TakeToken(text.ToString());
            return;
        }

        held.Append(text);
        if (isEnd)
        {
            var token = held.ToString();
            held.Clear();
            TakeToken(token);
        }
    }

    /// <summary>Takes a token.</summary>
    protected abstract void TakeToken(string token);
}
