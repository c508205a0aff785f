using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Byte-pair encoding of a sequence of symbols: again and again the two neighbours whose merge has the lowest rank become
/// one, the leftmost first among equals. Takes time in proportion to the length.
/// </summary>
/// <param name="table">The merges.</param>
/// <param name="window">How many symbols of a long sequence are merged at once, at first.</param>
internal sealed class MergeEngine(MergeTable table, int window = 128)
{
    // Up to here looking at all ranks for the lowest one is faster than keeping them in order.
    private const int LongestSearched = 128;
    private const int Growth = 8;

    /// <summary>The longest sequence that is merged as a whole.</summary>
    public int LongestWhole => window;

    /// <summary>Merges in place.</summary>
    /// <param name="symbols">The symbols, not negative; what is left of them stands at the start afterwards.</param>
    /// <param name="workspace">Used by this call alone.</param>
    /// <returns>How many symbols are left.</returns>
    public int Merge(Span<int> symbols, MergeWorkspace workspace)
    {
        if (symbols.Length > window)
        {
            workspace.Output.Truncate(0);
            Merge(new SpanSource(symbols), workspace.Output, workspace);
            workspace.Output.Written.CopyTo(symbols);
            return workspace.Output.Count;
        }

        Link(symbols, workspace);
        var (next, count) = (workspace.Next, 0);
        for (var i = 0; i < symbols.Length; i = next[i])
        {
            symbols[count++] = symbols[i];
        }

        return count;
    }

    /// <summary>Merges a sequence of any length.</summary>
    /// <param name="source">The symbols, not negative.</param>
    /// <param name="output">Receives what is left of them at its end.</param>
    /// <param name="workspace">Used by this call alone.</param>
    /// <returns>The place behind the last symbol.</returns>
    /// <remarks>
    /// Windows that overlap are merged by themselves, and joined at a token that two of them have in common. That is exact:
    /// let no two neighbours of a row of tokens, taken by themselves, become anything else than these two tokens. Then the
    /// row is what its text becomes. For else there would be a first merge across the border of two tokens; until then all
    /// goes on within tokens, in the order in which it goes on in the text of these two alone, so that the merge would come
    /// there, too. In what a window became every two neighbours are of that kind, by the same reasoning, and joining at a
    /// token in common makes no new neighbours. Where two windows have none in common, all begins anew with larger ones.
    /// </remarks>
    public int Merge<TSource>(TSource source, TokenBuffer output, MergeWorkspace workspace)
        where TSource : ISymbolSource, allows ref struct
    {
        var start = output.Count;
        int end;
        for (var size = window; !TryMerge(source, size, output, workspace, out end); size = checked(size * Growth))
        {
            output.Truncate(start);
        }

        return end;
    }

    private bool TryMerge<TSource>(TSource source, int size, TokenBuffer output, MergeWorkspace workspace, out int end)
        where TSource : ISymbolSource, allows ref struct
    {
        var (tokens, held) = (workspace.Tokens, workspace.Held);
        var symbols = workspace.TakeWindow(size);
        held.Clear();
        for (var place = 0; ;)
        {
            var count = source.Read(place, symbols);
            end = source.Skip(place, count);
            MergeWindow(symbols[..count], workspace);
            var first = 0;
            if (place > 0 && !TryJoin(held, tokens, output, out first))
            {
                return false;
            }

            // The last tokens of a window that is not the last one hang on what comes behind them.
            var sure = tokens.Count;
            while (count == size && sure > first + 1 && (sure == tokens.Count || tokens[sure - 1].Start > size * 3 / 4))
            {
                sure--;
            }

            foreach (ref readonly var token in CollectionsMarshal.AsSpan(tokens)[first..sure])
            {
                output.Add(token.Symbol);
            }

            if (count < size)
            {
                return true;
            }

            if (sure == tokens.Count)
            {
                return false; // One giant token.
            }

            held.Clear();
            var border = tokens[sure].Start;
            foreach (ref readonly var token in CollectionsMarshal.AsSpan(tokens)[sure..])
            {
                held.Add(new PlacedSymbol(token.Symbol, token.Start - border, token.End - border));
            }

            place = source.Skip(place, border);
        }
    }

    /// <summary>Looks for a token that stands in both, and appends those of <paramref name="held"/> before it.</summary>
    private static bool TryJoin(List<PlacedSymbol> held, List<PlacedSymbol> tokens, TokenBuffer output, out int first)
    {
        first = 0;
        foreach (ref readonly var token in CollectionsMarshal.AsSpan(held))
        {
            while (first < tokens.Count && tokens[first].Start < token.Start)
            {
                first++;
            }

            if (first < tokens.Count && tokens[first].Start == token.Start && tokens[first].End == token.End)
            {
                return true;
            }

            output.Add(token.Symbol);
        }

        return false;
    }

    private void MergeWindow(Span<int> symbols, MergeWorkspace workspace)
    {
        Link(symbols, workspace);
        workspace.Tokens.Clear();
        var next = workspace.Next;
        for (var i = 0; i < symbols.Length; i = next[i])
        {
            workspace.Tokens.Add(new PlacedSymbol(symbols[i], i, next[i]));
        }
    }

    /// <summary>Merges; the symbols that are left stay in their places, linked by <see cref="MergeWorkspace.Next"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Link(Span<int> symbols, MergeWorkspace workspace)
    {
        workspace.Reserve(symbols.Length);
        workspace.Work += symbols.Length;
        var list = new MergeList(symbols, workspace, table);
        if (symbols.Length <= LongestSearched)
        {
            for (var best = list.Lowest(); best >= 0; best = list.Lowest())
            {
                list.Unite(best);
            }

            return;
        }

        var candidates = workspace.Candidates;
        candidates.Clear();
        for (var i = 0; i < symbols.Length; i++)
        {
            Propose(i, workspace);
        }

        while (candidates.TryDequeue(out var best, out var order))
        {
            workspace.Work++;
            // A rank that the place no longer has is passed over.
            if (workspace.Ranks[best] == (int)(order >> 32))
            {
                var before = list.Unite(best);
                Propose(best, workspace);
                if (before >= 0)
                {
                    Propose(before, workspace);
                }
            }
        }
    }

    private static void Propose(int place, MergeWorkspace workspace)
    {
        var rank = workspace.Ranks[place];
        if (rank != int.MaxValue)
        {
            workspace.Candidates.Enqueue(place, (ulong)(uint)rank << 32 | (uint)place);
        }
    }

    private readonly ref struct SpanSource(ReadOnlySpan<int> all) : ISymbolSource
    {
        private readonly ReadOnlySpan<int> all = all;

        public int Read(int place, Span<int> symbols)
        {
            var part = all[place..Math.Min(all.Length, place + symbols.Length)];
            part.CopyTo(symbols);
            return part.Length;
        }

        public int Skip(int place, int count) => place + count;
    }
}
