using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// A SentencePiece BPE vocabulary as symbols and merges. A symbol is a piece (its number is its id) or a character that is
/// only part of pieces (numbered after them). Two symbols merge where their union is a piece; the better its score, the
/// lower the rank, and pieces of the same score share a rank.
/// </summary>
internal sealed class BpeSymbolTable
{
    // What trainers make has up to 16 characters and two or three merges for each piece.
    private const int LongestPiece = 512;
    private const int MergesPerPiece = 12;

    private readonly int[] basic = new int[0x10000]; // Symbol + 1 of the characters up to U+FFFF; 0: in no piece.
    private readonly Dictionary<int, int> supplementary = [];
    private readonly List<int> characters = []; // The characters that are no piece.
    private readonly PieceTable pieces;
    private readonly PairFilter neighbours;

    private BpeSymbolTable(PieceTable pieces)
    {
        this.pieces = pieces;
        neighbours = new PairFilter(pieces.Count);
    }

    /// <summary>Number of symbols.</summary>
    public int Count => pieces.Count + characters.Count;

    /// <summary>All merges.</summary>
    public MergeTable Merges { get; private set; } = new([]);

    /// <summary>Builds the table; null for a vocabulary that merges alone do not describe.</summary>
    /// <param name="pieces">The vocabulary.</param>
    public static BpeSymbolTable? TryBuild(PieceTable pieces)
    {
        // What an unused piece falls apart into hangs on the whole text.
        if (Enumerable.Range(0, pieces.Count).Any(id => pieces[id].Type == PieceType.Unused))
        {
            return null;
        }

        var table = new BpeSymbolTable(pieces);
        table.AddCharacters();
        return table.AddMerges() ? table : null;
    }

    /// <summary>Reads a character.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="place">Where the character begins.</param>
    /// <param name="length">The character's length in bytes.</param>
    /// <returns>Its symbol + 1, or 0 where no piece has the character.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ReadOnlySpan<byte> text, int place, out int length)
    {
        int first = text[place];
        if (first < 0x80)
        {
            length = 1;
            return basic[first];
        }

        return ReadLonger(text, place, out length);
    }

    /// <summary>Makes <see cref="Read"/> take a space for ▁. Only for models that write every space so.</summary>
    public void ReadSpaces() => basic[' '] = basic['▁'];

    /// <summary>Whether a piece may hold these two characters side by side; where not, text can be cut between them.</summary>
    /// <param name="left">What <see cref="Read"/> gave for the first one.</param>
    /// <param name="right">What it gave for the second one.</param>
    public bool AreNeighbours(int left, int right) => neighbours.MayContain(left, right);

    /// <summary>The text of a symbol that is no piece.</summary>
    /// <param name="symbol">From the number of pieces to <see cref="Count"/>, exclusive.</param>
    /// <param name="utf8">Room for four bytes.</param>
    public ReadOnlySpan<byte> Character(int symbol, Span<byte> utf8) =>
        utf8[..new Rune(characters[symbol - pieces.Count]).EncodeToUtf8(utf8)];

    private int ReadLonger(ReadOnlySpan<byte> text, int place, out int length)
    {
        // Valid UTF-8: the other bytes of the character are there.
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), place);
        int Next(int i, ref byte first) => Unsafe.Add(ref first, i) & 0x3F;
        if (first < 0xF0)
        {
            length = first < 0xE0 ? 2 : 3;
            return basic[length == 2
                ? (first & 0x1F) << 6 | Next(1, ref first)
                : (first & 0x0F) << 12 | Next(1, ref first) << 6 | Next(2, ref first)];
        }

        length = 4;
        return supplementary.GetValueOrDefault((first & 0x07) << 18 | Next(1, ref first) << 12 | Next(2, ref first) << 6 | Next(3, ref first));
    }

    private static int Decode(ReadOnlySpan<byte> text, out int length) =>
        Rune.DecodeFromUtf8(text, out var rune, out length) == OperationStatus.Done ? rune.Value : Rune.ReplacementChar.Value;

    private void AddCharacters()
    {
        for (var id = 0; id < pieces.Count; id++)
        {
            if (!PieceTable.IsCuttable(pieces[id].Type))
            {
                continue;
            }

            var text = pieces.Utf8(id);
            var previous = 0;
            while (!text.IsEmpty)
            {
                var symbol = Symbol(text, out var length);
                if (previous > 0)
                {
                    neighbours.Add(previous, symbol);
                }

                previous = symbol;
                text = text[length..];
            }
        }
    }

    /// <summary>Symbol + 1 of a character, made where it is new.</summary>
    private int Symbol(ReadOnlySpan<byte> text, out int length)
    {
        var character = Decode(text, out length);
        var found = Read(text, 0, out _);
        if (found > 0)
        {
            return found;
        }

        var symbol = pieces.Find(text[..length]);
        if (symbol < 0)
        {
            symbol = Count;
            characters.Add(character);
        }

        if (character < basic.Length)
        {
            basic[character] = symbol + 1;
        }
        else
        {
            supplementary.Add(character, symbol + 1);
        }

        return symbol + 1;
    }

    private bool AddMerges()
    {
        // Counted first: most of the memory that loading takes is theirs.
        var count = 0;
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces.Utf8(id).Length > LongestPiece && PieceTable.IsCuttable(pieces[id].Type) || count > (long)pieces.Count * MergesPerPiece)
            {
                return false;
            }

            count += MergesOf(id, 0, []);
        }

        var (merges, ranks) = (new Merge[count], Ranks());
        count = 0;
        for (var id = 0; id < pieces.Count; id++)
        {
            count += MergesOf(id, ranks[id], merges.AsSpan(count));
        }

        Merges = MergeTable.Taking(merges);
        return true;
    }

    /// <summary>Writes the merges that make a piece, where there is room, and returns how many there are.</summary>
    private int MergesOf(int id, int rank, Span<Merge> merges)
    {
        if (!PieceTable.IsCuttable(pieces[id].Type))
        {
            return 0;
        }

        var text = pieces.Utf8(id);
        var count = 0;
        Decode(text, out var cut);
        for (var isFirst = true; cut < text.Length; isFirst = false)
        {
            var left = Part(text[..cut], isCharacter: isFirst);
            Decode(text[cut..], out var length);
            var right = left < 0 ? -1 : Part(text[cut..], isCharacter: cut + length == text.Length);
            if (right >= 0)
            {
                if (!merges.IsEmpty)
                {
                    merges[count] = new Merge(left, right, rank, id);
                }

                count++;
            }

            cut += length;
        }

        return count;
    }

    /// <summary>The symbol of a part of a piece, or -1.</summary>
    private int Part(ReadOnlySpan<byte> text, bool isCharacter) => isCharacter ? Read(text, 0, out _) - 1 : pieces.Find(text);

    private int[] Ranks()
    {
        var (ids, scores) = (new int[pieces.Count], new float[pieces.Count]);
        for (var id = 0; id < ids.Length; id++)
        {
            (ids[id], scores[id]) = (id, -pieces[id].Score);
        }

        Array.Sort(scores, ids);
        var ranks = new int[ids.Length];
        for (var i = 1; i < ids.Length; i++)
        {
            ranks[ids[i]] = ranks[ids[i - 1]] + (scores[i] == scores[i - 1] ? 0 : 1);
        }

        return ranks;
    }
}
