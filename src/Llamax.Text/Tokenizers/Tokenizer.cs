namespace Llamax.Text.Tokenizers;

/// <summary>Text to token ids and back. Thread-safe. Never adds BOS or EOS by itself: whoever builds a model's input does.</summary>
public abstract class Tokenizer
{
    /// <summary>Number of ids; every id is from 0 to this, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Begin-of-sentence id, or null where the tokenizer has none.</summary>
    public abstract int? BosId { get; }

    /// <summary>End-of-sentence id, or null where the tokenizer has none.</summary>
    public abstract int? EosId { get; }

    /// <summary>Padding id, or null where the tokenizer has none.</summary>
    public abstract int? PadId { get; }

    /// <summary>Id of what the vocabulary cannot express, or null where everything can be expressed.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>, without BOS and EOS.</summary>
    /// <param name="text">Any text; lone surrogates are read as U+FFFD.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    public abstract void Encode(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>The text of the ids; control tokens (BOS, EOS, padding) give no text.</summary>
    /// <param name="ids">Ids from 0 to <see cref="VocabularySize"/>, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids);

    /// <summary>The piece as the vocabulary writes it, for example <c>▁the</c> or <c>&lt;0x0A&gt;</c>.</summary>
    /// <param name="id">From 0 to <see cref="VocabularySize"/>, exclusive.</param>
    public abstract string IdToPiece(int id);

    /// <summary>The id of a piece, or null where the vocabulary does not have it.</summary>
    /// <param name="piece">The piece as the vocabulary writes it.</param>
    public abstract int? PieceToId(string piece);

    /// <summary>The ids of <paramref name="text"/>, without BOS and EOS.</summary>
    /// <param name="text">Any text.</param>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new List<int>(text.Length / 2 + 4);
        Encode(text, ids);
        return [.. ids];
    }

    /// <summary>The pieces of <paramref name="text"/> as text, without BOS and EOS. They can say more than the ids: what
    /// the vocabulary cannot express is one and the same unknown id, but keeps its text here.</summary>
    /// <param name="text">Any text.</param>
    public virtual List<string> EncodePieces(ReadOnlySpan<char> text) => [.. Encode(text).Select(IdToPiece)];
}
