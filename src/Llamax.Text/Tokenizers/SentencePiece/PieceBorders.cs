namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Where text can be cut: between two characters that no piece holds side by side, no piece reaches across. So most of a text
/// in a script that a vocabulary was not made for falls apart into single characters, whose pieces are known beforehand.
/// </summary>
internal sealed class PieceBorders
{
    private const int Basic = 0x10000;

    private readonly PairFilter neighbours;
    private readonly int[] alone = new int[Basic]; // By code point: the id of the piece that is just this character, plus 1.

    /// <summary>Collects the borders of characters within pieces.</summary>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="ids">The pieces that text can turn into.</param>
    public PieceBorders(PieceTable pieces, ReadOnlySpan<int> ids)
    {
        neighbours = new PairFilter(pieces.Count);
        foreach (var id in ids)
        {
            var text = pieces.Utf8(id);
            var previous = Read(text, 0, out var at);
            if (at == text.Length && previous >= 0)
            {
                alone[previous] = id + 1;
            }

            while (at < text.Length)
            {
                var next = Read(text, at, out var length);
                if ((previous | next) >= 0)
                {
                    neighbours.Add(previous, next);
                }

                (previous, at) = (next, at + length);
            }
        }
    }

    /// <summary>Reads a character.</summary>
    /// <param name="text">UTF-8, perhaps invalid.</param>
    /// <param name="at">Where the character starts.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>The code point; -1 above U+FFFF, and for what is no character.</returns>
    public static int Read(ReadOnlySpan<byte> text, int at, out int length)
    {
        if (text[at] < 0x80)
        {
            length = 1;
            return text[at];
        }

        length = Utf8.DecodeBasic(text[at..], out var codePoint);
        if (length > 0)
        {
            return codePoint;
        }

        length = Utf8.CharacterLength(text[at..]);
        return -1;
    }

    /// <summary>Whether text can be cut between two characters, see <see cref="Read"/>.</summary>
    public bool MayCut(int left, int right) => (left | right) >= 0 && !neighbours.MayContain(left, right);

    /// <summary>The id of the piece that is just this character; -1 where there is none.</summary>
    /// <param name="codePoint">Up to U+FFFF.</param>
    public int Find(int codePoint) => alone[codePoint] - 1;
}
