using System.Text;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>Gives the ids back to the SentencePiece model; special tokens give no text, other added ones their names.</summary>
/// <param name="vocabulary">The ids.</param>
/// <param name="pieces">The model's decoder.</param>
internal sealed class FamilyDecoder(FamilyVocabulary vocabulary, TokenDecoder pieces) : TokenDecoder
{
    public override void Add(int id, StringBuilder text)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, vocabulary.Size);
        if (vocabulary.Token(id) is not { } token)
        {
            if (vocabulary.ToModel(id) is >= 0 and var piece)
            {
                pieces.Add(piece, text);
            }
        }
        else if (!token.Special)
        {
            // What follows is a text of its own, as it was when it was encoded.
            pieces.Finish(text);
            text.Append(token.Name);
        }
    }

    public override void Finish(StringBuilder text) => pieces.Finish(text);
}
