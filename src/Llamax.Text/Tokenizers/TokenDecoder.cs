using System.Text;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Turns ids into text one after the other, for text that is shown while it is written. All that
/// <see cref="Add"/> and <see cref="Finish"/> append is together what <see cref="Tokenizer.Decode"/> gives. Not thread-safe.
/// </summary>
public abstract class TokenDecoder
{
    /// <summary>Takes the next id and appends the text that is certain by now: never half a character.</summary>
    /// <param name="id">From 0 to <see cref="Tokenizer.VocabularySize"/>, exclusive.</param>
    /// <param name="text">Receives text at its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is outside the vocabulary.</exception>
    public abstract void Add(int id, StringBuilder text);

    /// <summary>Appends what was held back; the decoder is then as new.</summary>
    /// <param name="text">Receives text at its end.</param>
    public abstract void Finish(StringBuilder text);
}
