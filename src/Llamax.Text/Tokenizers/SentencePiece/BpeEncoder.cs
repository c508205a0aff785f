using System.Runtime.CompilerServices;
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
    private readonly bool mayBeInvalid;
    private readonly int[] idOf; // By symbol: its id, or -1 for one that is unknown.

    private BpeEncoder(PieceTable pieces, ByteTrie? userDefined, UnknownIds unknown, NormalizerSpec normalizer, BpeSymbolTable table)
    {
        mayBeInvalid = normalizer.CharacterMap.Length > 0;
        (this.pieces, this.userDefined, this.unknown, this.table) = (pieces, userDefined, unknown, table);
        engine = new MergeEngine(table.Merges);
        plain = new PlainBpeEncoder(pieces, userDefined);
        idOf = new int[table.Count];
        for (var symbol = 0; symbol < idOf.Length; symbol++)
        {
            var id = symbol < pieces.Count ? pieces.Resolve(symbol) : pieces.UnknownId;
            idOf[symbol] = id == pieces.UnknownId ? -1 : id;
        }

        for (var value = 0; userDefined is not null && value < 256; value++)
        {
            startsUserDefined[value] = userDefined.Child(ByteTrie.Root, (byte)value) >= 0;
        }

        var space = table.Read("▁"u8, 0, out _) - 1;
        ReadsSpaces = normalizer.EscapeWhitespaces && userDefined is null && space >= 0 && idOf[space] >= 0;
        if (ReadsSpaces)
        {
            table.ReadSpaces();
        }
    }

    /// <inheritdoc/>
    public bool ReadsSpaces { get; }

    /// <summary>Prepares the encoder of a vocabulary.</summary>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="userDefined">Pieces that text never loses; null for none.</param>
    /// <param name="unknown">What stands for text that is no piece.</param>
    /// <param name="normalizer">How the text that comes was normalised.</param>
    public static IPieceEncoder Create(PieceTable pieces, ByteTrie? userDefined, UnknownIds unknown, NormalizerSpec normalizer) =>
        BpeSymbolTable.TryBuild(pieces) is { } table
            ? new BpeEncoder(pieces, userDefined, unknown, normalizer, table) : new PlainBpeEncoder(pieces, userDefined);

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace) => plain.Encode(workspace);

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace, TokenBuffer ids)
    {
        var text = workspace.Normalized.Written;
        if (mayBeInvalid && !System.Text.Unicode.Utf8.IsValid(text))
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
            var symbol = table.Read(text, place, out var length);
            if (userDefined is not null && FrozenLength(text[place..]) is > 0 and var frozen)
            {
                (symbol, length) = (0, frozen);
            }

            if (count > 0 && symbol > 0 && table.AreNeighbours(previous, symbol))
            {
                if (count < symbols.Length)
                {
                    symbols[count++] = symbol - 1;
                    previous = symbol;
                    place += length;
                }
                else
                {
                    place = start + AppendLong(text[start..], workspace, ids);
                    count = 0;
                }

                continue;
            }

            if (count == 1 && idOf[symbols[0]] is >= 0 and var id)
            {
                ids.Add(id);
            }
            else if (count > 0)
            {
                AppendPart(text[start..place], symbols[..count], workspace, ids);
            }

            count = 0;
            if (symbol > 0)
            {
                start = place;
                symbols[count++] = symbol - 1;
            }
            else
            {
                AppendWhole(text.Slice(place, length), ids);
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
    private void AppendWhole(ReadOnlySpan<byte> text, TokenBuffer output)
    {
        var id = userDefined is null ? -1 : pieces.Find(text);
        unknown.Append(id < 0 ? pieces.UnknownId : pieces.Resolve(id), text, output);
    }

    /// <summary>Appends the ids of a part between two cuts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // Inlined into the loop over characters it would take the loop's registers.
    private void AppendPart(ReadOnlySpan<byte> text, Span<int> symbols, EncoderWorkspace workspace, TokenBuffer output)
    {
        if (symbols.Length <= 2)
        {
            if (symbols.Length == 2 && table.Merges.Find(symbols[0], symbols[1], out _, out var both))
            {
                symbols[0] = both;
                symbols = symbols[..1];
            }

            AppendSymbols(symbols, output);
        }
        else if (text.Length > LongestRemembered)
        {
            AppendSymbols(symbols[..engine.Merge(symbols, workspace.Merging)], output);
        }
        else if (!workspace.Words.TryGet(text, output))
        {
            var start = output.Count;
            AppendSymbols(symbols[..engine.Merge(symbols, workspace.Merging)], output);
            workspace.Words.Add(text, output.Written[start..]);
        }
    }

    private void AppendSymbols(ReadOnlySpan<int> symbols, TokenBuffer output)
    {
        var start = output.Count;
        var target = output.Grow(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            var id = idOf[symbols[i]];
            if (id < 0)
            {
                output.Truncate(start);
                AppendSymbolsAndUnknown(symbols, output);
                return;
            }

            target[i] = id;
        }
    }

    private void AppendSymbolsAndUnknown(ReadOnlySpan<int> symbols, TokenBuffer output)
    {
        Span<byte> character = stackalloc byte[4];
        foreach (var symbol in symbols)
        {
            if (idOf[symbol] >= 0)
            {
                output.Add(idOf[symbol]);
            }
            else
            {
                unknown.Append(symbol < pieces.Count ? pieces.Utf8(symbol) : table.Character(symbol, character), output);
            }
        }
    }

    /// <summary>Appends the ids of the text up to the first cut, which is far.</summary>
    /// <returns>Where the cut is.</returns>
    private int AppendLong(ReadOnlySpan<byte> text, EncoderWorkspace workspace, TokenBuffer output)
    {
        workspace.Merging.Output.Truncate(0);
        var end = engine.Merge(new Part(this, text), workspace.Merging.Output, workspace.Merging);
        AppendSymbols(workspace.Merging.Output.Written, output);
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

                previous = encoder.table.Read(text, before, out _);
            }

            while (count < symbols.Length && place < text.Length)
            {
                var symbol = encoder.table.Read(text, place, out var length);
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
                encoder.table.Read(text, place, out var length);
                place += length;
            }

            return place;
        }
    }
}
