using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// SentencePiece's byte-pair encoding, in time proportional to the text. The text is cut wherever no piece could reach
/// across; what lies between two cuts is merged by itself, or remembered from the last time.
/// </summary>
internal sealed class BpeEncoder : IIdEncoder
{
    // In bytes; what is longer hardly comes again.
    private const int LongestRemembered = 48;

    private readonly PieceTable pieces;
    private readonly ByteTrie? userDefined;
    private readonly bool[] startsUserDefined = new bool[256];
    private readonly UnknownIds unknown;
    private readonly BpeSymbolTable table;
    private readonly MergeEngine engine;
    private readonly PlainBpeEncoder plain;
    private readonly int[] ids; // By symbol: its id, or -1 for one that is unknown.

    private BpeEncoder(PieceTable pieces, ByteTrie? userDefined, UnknownIds unknown, BpeSymbolTable table)
    {
        (this.pieces, this.userDefined, this.unknown, this.table) = (pieces, userDefined, unknown, table);
        engine = new MergeEngine(table.Merges);
        plain = new PlainBpeEncoder(pieces, userDefined);
        ids = new int[table.Count];
        for (var symbol = 0; symbol < ids.Length; symbol++)
        {
            var id = symbol < pieces.Count ? pieces.Resolve(symbol) : pieces.UnknownId;
            ids[symbol] = id == pieces.UnknownId ? -1 : id;
        }

        for (var value = 0; userDefined is not null && value < 256; value++)
        {
            startsUserDefined[value] = userDefined.Child(ByteTrie.Root, (byte)value) >= 0;
        }
    }

    /// <summary>Prepares the encoder of a vocabulary.</summary>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="userDefined">Pieces that text never loses; null for none.</param>
    /// <param name="unknown">What stands for text that is no piece.</param>
    public static IPieceEncoder Create(PieceTable pieces, ByteTrie? userDefined, UnknownIds unknown) =>
        BpeSymbolTable.TryBuild(pieces) is { } table
            ? new BpeEncoder(pieces, userDefined, unknown, table) : new PlainBpeEncoder(pieces, userDefined);

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace) => plain.Encode(workspace);

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace, TokenBuffer ids)
    {
        var text = workspace.Normalized.Written;
        if (!System.Text.Unicode.Utf8.IsValid(text))
        {
            // Only a model with a damaged table of replacements makes such a text.
            plain.Encode(workspace);
            foreach (var segment in workspace.Segments)
            {
                unknown.Append(segment.Id, text.Slice(segment.Start, segment.Length), ids);
            }

            return;
        }

        var symbols = workspace.Merging.TakeWindow(engine.LongestWhole);
        var (place, start, count, previous) = (0, 0, 0, 0);
        while (place < text.Length)
        {
            var frozen = FrozenLength(text[place..]);
            var (length, symbol) = (frozen, 0);
            if (frozen == 0)
            {
                symbol = table.Read(text[place..], out length);
            }

            if (count > 0 && (symbol == 0 || !table.AreNeighbours(previous, symbol)))
            {
                AppendPart(text[start..place], symbols[..count], workspace, ids);
                count = 0;
            }

            if (symbol == 0)
            {
                AppendWhole(text.Slice(place, length), frozen > 0, ids);
            }
            else if (count < symbols.Length)
            {
                start = count == 0 ? place : start;
                symbols[count++] = symbol - 1;
            }
            else
            {
                length = AppendLong(text[start..], workspace, ids) - (place - start);
                count = 0;
            }

            previous = symbol;
            place += length;
        }

        if (count > 0)
        {
            AppendPart(text[start..], symbols[..count], workspace, ids);
        }
    }

    private int FrozenLength(ReadOnlySpan<byte> text) =>
        userDefined is not null && startsUserDefined[text[0]] ? userDefined.LongestPrefix(text) : 0;

    /// <summary>Appends a user-defined piece, or a character that no piece has.</summary>
    private void AppendWhole(ReadOnlySpan<byte> text, bool isPiece, TokenBuffer output)
    {
        unknown.Append(isPiece ? pieces.Resolve(pieces.Find(text)) : pieces.UnknownId, text, output);
    }

    /// <summary>Appends the ids of a part between two cuts.</summary>
    private void AppendPart(ReadOnlySpan<byte> text, Span<int> symbols, EncoderWorkspace workspace, TokenBuffer output)
    {
        if (symbols.Length <= 2)
        {
            if (symbols.Length == 2 && table.Merges.Find(symbols[0], symbols[1], out _, out var both))
            {
                symbols[0] = both;
                symbols = symbols[..1];
            }

            AppendSymbols(text, symbols, output);
        }
        else if (text.Length > LongestRemembered)
        {
            AppendSymbols(text, symbols[..engine.Merge(symbols, workspace.Merging)], output);
        }
        else if (!workspace.Words.TryGet(text, output))
        {
            var start = output.Count;
            AppendSymbols(text, symbols[..engine.Merge(symbols, workspace.Merging)], output);
            workspace.Words.Add(text, output.Written[start..]);
        }
    }

    private void AppendSymbols(ReadOnlySpan<byte> text, ReadOnlySpan<int> symbols, TokenBuffer output)
    {
        var place = 0;
        foreach (var symbol in symbols)
        {
            var length = table.Length(symbol);
            if (ids[symbol] >= 0)
            {
                output.Add(ids[symbol]);
            }
            else
            {
                unknown.Append(text.Slice(place, length), output);
            }

            place += length;
        }
    }

    /// <summary>Appends the ids of the text up to the first cut, which is far.</summary>
    /// <returns>Where the cut is.</returns>
    private int AppendLong(ReadOnlySpan<byte> text, EncoderWorkspace workspace, TokenBuffer output)
    {
        workspace.Merging.Output.Truncate(0);
        var end = engine.Merge(new Part(this, text), workspace.Merging.Output, workspace.Merging);
        AppendSymbols(text[..end], workspace.Merging.Output.Written, output);
        return end;
    }

    /// <summary>The symbols of a text up to its first cut.</summary>
    private readonly ref struct Part(BpeEncoder encoder, ReadOnlySpan<byte> text) : ISymbolSource
    {
        private readonly ReadOnlySpan<byte> text = text;

        public int Read(int place, Span<int> symbols)
        {
            var (count, previous) = (0, 0);
            if (place > 0)
            {
                // The cut may be right here.
                var before = place - 1;
                while ((text[before] & 0xC0) == 0x80)
                {
                    before--;
                }

                previous = encoder.table.Read(text[before..], out _);
            }

            while (count < symbols.Length && place < text.Length)
            {
                var symbol = encoder.table.Read(text[place..], out var length);
                if (encoder.FrozenLength(text[place..]) > 0 || symbol == 0
                    || (previous > 0 && !encoder.table.AreNeighbours(previous, symbol)))
                {
                    break;
                }

                symbols[count++] = symbol - 1;
                previous = symbol;
                place += length;
            }

            return count;
        }

        public int Skip(int place, int count)
        {
            for (; count > 0; count--)
            {
                encoder.table.Read(text[place..], out var length);
                place += length;
            }

            return place;
        }
    }
}
