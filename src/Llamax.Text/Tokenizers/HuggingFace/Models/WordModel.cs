using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.Models;

/// <summary>Turns the pieces that the pre-tokenizer leaves into ids.</summary>
internal abstract class WordModel(ByteVocabulary vocabulary)
{
    /// <summary>The model's own tokens in UTF-8; an id that nothing has is empty.</summary>
    public ByteVocabulary Vocabulary => vocabulary;

    /// <summary>How many tokens the model has; fewer than ids where some ids stand for nothing.</summary>
    public int TokenCount { get; init; }

    /// <summary>The id of what cannot be expressed; null where there is none.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Appends the ids of a piece.</summary>
    /// <param name="piece">Well-formed UTF-8, not empty.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="workspace">Used by this call alone.</param>
    /// <exception cref="LlamaxException">The model cannot express the piece, and has no unknown token.</exception>
    public abstract void Encode(ReadOnlySpan<byte> piece, TokenBuffer ids, EncodingWorkspace workspace);

    /// <summary>The ids of the byte tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; -1 for those that are not there.</summary>
    protected int[] ByteTokens()
    {
        var ids = new int[256];
        for (var value = 0; value < 256; value++)
        {
            ids[value] = vocabulary.Find(System.Text.Encoding.UTF8.GetBytes(SentencePiece.Piece.ForByte((byte)value)));
        }

        return ids;
    }

    /// <summary>Appends the byte tokens of a text; nothing, where one of them is missing.</summary>
    protected static bool TryAddBytes(ReadOnlySpan<byte> text, ReadOnlySpan<int> byteTokens, TokenBuffer ids)
    {
        foreach (var value in text)
        {
            if (byteTokens[value] < 0)
            {
                return false;
            }
        }

        foreach (var value in text)
        {
            ids.Add(byteTokens[value]);
        }

        return true;
    }
}
