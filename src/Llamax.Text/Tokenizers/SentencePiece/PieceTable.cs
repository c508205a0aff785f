using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// The vocabulary by id and by text. As in SentencePiece, pieces that text can turn into (normal, user-defined, unused)
/// and reserved ones (control, unknown, bytes) are two name spaces.
/// </summary>
internal sealed class PieceTable
{
    private const int LengthOfByte = 6; // <0x0A>

    private readonly IReadOnlyList<Piece> pieces;
    private readonly Dictionary<string, int> reserved = [];
    private readonly int[] resolved;

    // Open addressing over the UTF-8 of the cuttable pieces; a slot holds id + 1, the texts lie behind each other.
    private readonly byte[] texts;
    private readonly int[] starts;
    private readonly int[] slots;

    /// <summary>Builds the table.</summary>
    /// <exception cref="InvalidDataException">A piece is there twice.</exception>
    public PieceTable(IReadOnlyList<Piece> pieces)
    {
        this.pieces = pieces;
        starts = new int[pieces.Count + 1];
        for (var id = 0; id < pieces.Count; id++)
        {
            starts[id + 1] = starts[id] + Encoding.UTF8.GetByteCount(pieces[id].Text);
            UnknownId = pieces[id].Type == PieceType.Unknown ? id : UnknownId;
        }

        texts = new byte[starts[^1]];
        slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, pieces.Count * 3))];
        for (var id = 0; id < pieces.Count; id++)
        {
            Encoding.UTF8.GetBytes(pieces[id].Text, texts.AsSpan(starts[id]));
            LongestPiece = Math.Max(LongestPiece, Utf8(id).Length);
            if (IsCuttable(pieces[id].Type) ? !Insert(id) : !reserved.TryAdd(pieces[id].Text, id))
            {
                throw new InvalidDataException($"the piece '{pieces[id].Text}' (id {id}) is there twice");
            }
        }

        resolved = [.. Enumerable.Range(0, pieces.Count).Select(id => Reserved(pieces[id].Text) ?? id)];
    }

    public int Count => pieces.Count;

    public int UnknownId { get; private set; } = -1;

    /// <summary>Length of the longest piece in bytes.</summary>
    public int LongestPiece { get; }

    public Piece this[int id] => pieces[id];

    /// <summary>The piece's text in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int id) => texts.AsSpan(starts[id]..starts[id + 1]);

    /// <summary>The id of a piece that text can turn into, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestPiece)
        {
            return -1;
        }

        var mask = slots.Length - 1;
        for (var slot = Hash(text) & mask; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (Utf8(slots[slot] - 1).SequenceEqual(text))
            {
                return slots[slot] - 1;
            }
        }

        return -1;
    }

    /// <summary>The id of any piece, or null; a reserved piece hides a normal one of the same text.</summary>
    public int? Find(string text)
    {
        if (reserved.TryGetValue(text, out var id))
        {
            return id;
        }

        id = Find(Encoding.UTF8.GetBytes(text));
        return id < 0 ? null : id;
    }

    /// <summary>
    /// The id that the text of this piece stands for: its own, unless the unknown or a byte piece has the same text. A
    /// control piece never comes from text; the library gives up the whole text that would make one.
    /// </summary>
    public int Resolve(int id) => resolved[id];

    /// <summary>What the text of this piece is known as: its own type, unless a reserved piece has the same text.</summary>
    public PieceType TypeOfText(int id) => pieces[reserved.GetValueOrDefault(pieces[id].Text, id)].Type;

    /// <summary>The id of a stretch of text that must be one piece, as <see cref="Resolve"/> has it; the unknown id where it is none.</summary>
    public int FindWhole(ReadOnlySpan<byte> text)
    {
        var id = Find(text);
        if (id >= 0)
        {
            return resolved[id];
        }

        return text.Length == LengthOfByte && text.StartsWith("<0x"u8) && Reserved(Encoding.UTF8.GetString(text)) is { } value
            ? value
            : UnknownId;
    }

    private int? Reserved(string text) =>
        reserved.TryGetValue(text, out var id) && pieces[id].Type != PieceType.Control ? id : null;

    public static bool IsCuttable(PieceType type) => type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused;

    private bool Insert(int id)
    {
        var mask = slots.Length - 1;
        var slot = Hash(Utf8(id)) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (Utf8(slots[slot] - 1).SequenceEqual(Utf8(id)))
            {
                return false;
            }
        }

        slots[slot] = id + 1;
        return true;
    }

    // The runtime's hash of strings has a key that differs from process to process, so that no file can be made to collide.
    private static int Hash(ReadOnlySpan<byte> text) =>
        string.GetHashCode(MemoryMarshal.Cast<byte, char>(text), StringComparison.Ordinal) + (text.Length % 2 > 0 ? text[^1] * 0x2F0B4C47 : 0);
}
