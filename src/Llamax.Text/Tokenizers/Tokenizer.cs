using System.Runtime.InteropServices;
using System.Text;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Text to token ids and back. Thread-safe. Encoding adds no BOS and no EOS: <see cref="Frame"/> says what belongs
/// around a text, and whoever builds a model's input puts it there.
/// </summary>
public abstract class Tokenizer
{
    private const int LargestKept = 1 << 18;

    private readonly WorkspacePool<Scratch> scratches = new(() => new Scratch());

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

    /// <summary>The names that <see cref="SpecialTokens.Parse"/> finds in a text and <see cref="SpecialTokens.Text"/> does not.</summary>
    public virtual IReadOnlyCollection<string> SpecialNames => [];

    /// <summary>What the model expects around a text; here BOS before it, where there is one.</summary>
    /// <param name="language">Code of the text's language, for families whose frame names it.</param>
    /// <exception cref="LlamaxException">The family does not know the language, or needs one and none is given.</exception>
    public virtual SequenceFrame Frame(string? language = null) => new(BosId is { } bos ? [bos] : [], []);

    /// <summary>The id of the token that stands for a language; null in families that have none.</summary>
    /// <param name="language">The family's own code, or any that the registry of languages knows.</param>
    /// <exception cref="LlamaxException">The family has tokens of languages, and not of this one.</exception>
    public virtual int? LanguageId(string language) => null;

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>, without BOS and EOS.</summary>
    /// <param name="text">Any text; lone surrogates are read as U+FFFD.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, SpecialTokens special = SpecialTokens.Parse)
    {
        var scratch = Run(text, special);
        Append(scratch.Ids.Written, ids);
        Return(scratch);
    }

    /// <summary>Appends the ids of <paramref name="utf8"/> to <paramref name="ids"/>, without BOS and EOS.</summary>
    /// <param name="utf8">Text in UTF-8; invalid bytes are read as the tokenizer's own library reads them.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    public void Encode(ReadOnlySpan<byte> utf8, List<int> ids, SpecialTokens special = SpecialTokens.Parse)
    {
        var scratch = Run(utf8, special);
        Append(scratch.Ids.Written, ids);
        Return(scratch);
    }

    /// <summary>Writes the ids of <paramref name="text"/>, without BOS and EOS. Allocates nothing once it is warm.</summary>
    /// <param name="text">Any text; lone surrogates are read as U+FFFD.</param>
    /// <param name="ids">Receives the ids from its start on.</param>
    /// <param name="count">Number of ids that the text has, also where they do not fit.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    /// <returns>Whether <paramref name="ids"/> was long enough; where not, nothing was written.</returns>
    public bool TryEncode(ReadOnlySpan<char> text, Span<int> ids, out int count, SpecialTokens special = SpecialTokens.Parse) =>
        TryCopy(Run(text, special), ids, out count);

    /// <summary>Writes the ids of <paramref name="utf8"/>, without BOS and EOS. Allocates nothing once it is warm.</summary>
    /// <param name="utf8">Text in UTF-8; invalid bytes are read as the tokenizer's own library reads them.</param>
    /// <param name="ids">Receives the ids from its start on.</param>
    /// <param name="count">Number of ids that the text has, also where they do not fit.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    /// <returns>Whether <paramref name="ids"/> was long enough; where not, nothing was written.</returns>
    public bool TryEncode(ReadOnlySpan<byte> utf8, Span<int> ids, out int count, SpecialTokens special = SpecialTokens.Parse) =>
        TryCopy(Run(utf8, special), ids, out count);

    /// <summary>The ids of <paramref name="text"/>, without BOS and EOS.</summary>
    /// <param name="text">Any text; lone surrogates are read as U+FFFD.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    public int[] Encode(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.Parse)
    {
        var scratch = Run(text, special);
        var ids = scratch.Ids.Written.ToArray();
        Return(scratch);
        return ids;
    }

    /// <summary>The pieces of <paramref name="text"/> as text, without BOS and EOS. They can say more than the ids: what
    /// the vocabulary cannot express is one and the same unknown id, but keeps its text here.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    public List<string> EncodePieces(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.Parse)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return EncodePieces(utf8, special);
    }

    /// <summary>The pieces of <paramref name="utf8"/> as text, without BOS and EOS.</summary>
    /// <param name="utf8">Text in UTF-8; invalid bytes are read as the tokenizer's own library reads them.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    public virtual List<string> EncodePieces(ReadOnlySpan<byte> utf8, SpecialTokens special = SpecialTokens.Parse)
    {
        var scratch = Run(utf8, special);
        List<string> pieces = [.. scratch.Ids.Written.ToArray().Select(IdToPiece)];
        Return(scratch);
        return pieces;
    }

    /// <summary>The text of the ids; control tokens (BOS, EOS, padding) give no text.</summary>
    /// <param name="ids">Ids from 0 to <see cref="VocabularySize"/>, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var (decoder, text) = (CreateDecoder(), new StringBuilder());
        foreach (var id in ids)
        {
            decoder.Add(id, text);
        }

        decoder.Finish(text);
        return text.ToString();
    }

    /// <summary>A decoder for text that is shown while it is written.</summary>
    public abstract TokenDecoder CreateDecoder();

    /// <summary>The piece as the vocabulary writes it, for example <c>▁the</c> or <c>&lt;0x0A&gt;</c>.</summary>
    /// <param name="id">From 0 to <see cref="VocabularySize"/>, exclusive.</param>
    public abstract string IdToPiece(int id);

    /// <summary>The id of a piece, or null where the vocabulary does not have it.</summary>
    /// <param name="piece">The piece as the vocabulary writes it.</param>
    public abstract int? PieceToId(string piece);

    /// <summary>For tokenizers that are built around another one.</summary>
    internal void Append(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special) => EncodeUtf8(utf8, ids, special);

    /// <summary>Appends the ids of a text, without BOS and EOS. Called by several threads at once.</summary>
    /// <param name="utf8">The text; may be invalid UTF-8.</param>
    /// <param name="ids">Receives the ids at its end; what it holds already stays.</param>
    /// <param name="special">What the names of special tokens in the text mean.</param>
    protected abstract void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special);

    private Scratch Run(ReadOnlySpan<char> text, SpecialTokens special)
    {
        var scratch = scratches.Rent();
        var needed = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (scratch.Utf8.Length < needed)
        {
            scratch.Utf8 = new byte[Math.Max(needed, 2 * scratch.Utf8.Length)];
        }

        scratch.Ids.Truncate(0);
        EncodeUtf8(scratch.Utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, scratch.Utf8)), scratch.Ids, special);
        return scratch;
    }

    private Scratch Run(ReadOnlySpan<byte> utf8, SpecialTokens special)
    {
        var scratch = scratches.Rent();
        scratch.Ids.Truncate(0);
        EncodeUtf8(utf8, scratch.Ids, special);
        return scratch;
    }

    private bool TryCopy(Scratch scratch, Span<int> ids, out int count)
    {
        count = scratch.Ids.Count;
        var fits = scratch.Ids.Written.TryCopyTo(ids);
        Return(scratch);
        return fits;
    }

    private static void Append(ReadOnlySpan<int> more, List<int> ids)
    {
        var count = ids.Count;
        CollectionsMarshal.SetCount(ids, count + more.Length);
        more.CopyTo(CollectionsMarshal.AsSpan(ids)[count..]);
    }

    private void Return(Scratch scratch)
    {
        // One giant text must not hold its memory for ever.
        if (scratch.Utf8.Length <= LargestKept && scratch.Ids.Count <= LargestKept)
        {
            scratches.Return(scratch);
        }
        else
        {
            scratch.Ids.Release();
        }
    }

    private sealed class Scratch
    {
        public byte[] Utf8 { get; set; } = [];

        public TokenBuffer Ids { get; } = new();
    }
}
