using System.Buffers;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>
/// Encodes what stands between special tokens. The SentencePiece library takes each such part for a text of its own and
/// puts a space before it. The newer tokenizers of LLaMA and T5 want that space before the whole text only, or not at all:
/// they switch it off, put one before the whole text themselves and, so that the library does not take it away again, encode a part
/// that begins with a space behind the name of the unknown token, whose ids they then drop.
/// </summary>
internal sealed class SegmentEncoder
{
    private static readonly byte[] Space = "▁"u8.ToArray();

    private readonly SentencePieceTokenizer pieces;
    private readonly SegmentPrefix prefix;
    private readonly bool sameWithPrefix;
    private readonly int? spaceId;
    private readonly byte[] unknown;
    private readonly Lazy<SentencePieceTokenizer> bare;
    private readonly Lazy<int> unknownLength;

    /// <summary>Prepares the encoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pieces">Its tokenizer.</param>
    /// <param name="prefix">Where the space comes.</param>
    /// <param name="unknown">The name of the unknown token.</param>
    public SegmentEncoder(SentencePieceModel model, SentencePieceTokenizer pieces, SegmentPrefix prefix, string unknown)
    {
        (this.pieces, this.prefix, this.unknown) = (pieces, prefix, Encoding.UTF8.GetBytes(unknown));
        spaceId = pieces.PieceToId("▁");

        // Merges left and right of a border that no piece reaches across know nothing of each other: then the detour by
        // the unknown token gives what the model gives by itself.
        sameWithPrefix = model is { Type: ModelType.Bpe, TreatWhitespaceAsSuffix: false }
            && model.Normalizer is { AddDummyPrefix: true, RemoveExtraWhitespaces: false, EscapeWhitespaces: true, CharacterMap.Length: 0 }
            && spaceId is not null
            && !model.Pieces.Any(piece => piece.Text.Contains(unknown[^1] + "▁", StringComparison.Ordinal));
        bare = new(() => new SentencePieceTokenizer(model with { Normalizer = model.Normalizer with { AddDummyPrefix = false } }));
        unknownLength = new(() => bare.Value.Encode(unknown).Length);
    }

    /// <summary>Turns the model's ids into text, and takes away the space that was put before it.</summary>
    public TokenDecoder CreateDecoder() => (prefix == SegmentPrefix.None ? bare.Value : pieces).CreateDecoder();

    /// <summary>Appends the SentencePiece model's ids of a part.</summary>
    /// <param name="text">The part; may be empty.</param>
    /// <param name="isFirst">Whether the text begins with it.</param>
    /// <param name="beforeSpecial">Whether a special token comes next.</param>
    /// <param name="ids">Receives the ids.</param>
    public void Encode(ReadOnlySpan<byte> text, bool isFirst, bool beforeSpecial, TokenBuffer ids)
    {
        var putsSpace = isFirst && prefix == SegmentPrefix.Once;
        if (prefix == SegmentPrefix.Each || (putsSpace && sameWithPrefix && !text.IsEmpty))
        {
            pieces.Append(text, ids, SpecialTokens.Text);
            return;
        }

        var start = ids.Count;
        if (putsSpace || text.StartsWith(" "u8) || text.StartsWith(Space))
        {
            EncodeBehindUnknown(text, putsSpace, ids);
        }
        else
        {
            EncodeBare(text, 0, ids);
        }

        if (isFirst && beforeSpecial && ids.Count == start + 1 && ids.Written[start] == spaceId)
        {
            ids.Truncate(start);
        }
    }

    private void EncodeBehindUnknown(ReadOnlySpan<byte> text, bool putsSpace, TokenBuffer ids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(unknown.Length + Space.Length + text.Length);
        unknown.CopyTo(buffer, 0);
        var at = unknown.Length;
        if (putsSpace)
        {
            Space.CopyTo(buffer, at);
            at += Space.Length;
        }

        text.CopyTo(buffer.AsSpan(at));
        var start = ids.Count;
        EncodeBare(buffer.AsSpan(0, at + text.Length), at, ids);
        ArrayPool<byte>.Shared.Return(buffer);
        var drop = Math.Min(unknownLength.Value, ids.Count - start);
        Drop(drop, start, ids);
    }

    /// <summary>Encodes with ▁ from place <paramref name="from"/> on read as the space that it stands for.</summary>
    private void EncodeBare(ReadOnlySpan<byte> text, int from, TokenBuffer ids)
    {
        if (text[from..].IndexOf(Space) < 0)
        {
            bare.Value.Append(text, ids, SpecialTokens.Text);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        text[..from].CopyTo(buffer);
        var length = from;
        for (var i = from; i < text.Length; length++)
        {
            var isSpace = text[i..].StartsWith(Space);
            buffer[length] = isSpace ? (byte)' ' : text[i];
            i += isSpace ? Space.Length : 1;
        }

        bare.Value.Append(buffer.AsSpan(0, length), ids, SpecialTokens.Text);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void Drop(int count, int start, TokenBuffer ids)
    {
        var rest = ids.Tail(start);
        rest[count..].CopyTo(rest);
        ids.Truncate(ids.Count - count);
    }
}
