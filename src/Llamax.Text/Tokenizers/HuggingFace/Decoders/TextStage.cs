using System.Text;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>The last stage: the text itself.</summary>
internal sealed class TextStage : DecodingStage
{
    /// <summary>Receives the text.</summary>
    public StringBuilder Text { get; set; } = null!;

    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd) => Text.Append(text);

    /// <inheritdoc/>
    public override void Finish()
    {
    }
}
