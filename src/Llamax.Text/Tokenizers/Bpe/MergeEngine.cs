using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    private void Link(Span<int> symbols, MergeWorkspace workspace)
    {
        var count = symbols.Length;
        workspace.Reserve(count);
        var (ranks, results, next, previous) = (workspace.Ranks, workspace.Results, workspace.Next, workspace.Previous);
        for (var i = 0; i < count; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            if (i + 1 < count)
            {
                table.Find(symbols[i], symbols[i + 1], out ranks[i], out results[i]);
            }
        }

        if (count > LongestSearched)
        {
            LinkInOrder(symbols, workspace);
            return;
        }

        ranks.AsSpan(Math.Max(0, count - 1), Vector256<int>.Count + 1).Fill(int.MaxValue);
        for (var best = Lowest(ranks, count); best >= 0; best = Lowest(ranks, count))
        {
            Unite(symbols, best, ranks, results, next, previous);
        }
    }

    /// <summary>The same with a heap: a rank that a place no longer has is passed over when its turn comes.</summary>
    private void LinkInOrder(Span<int> symbols, MergeWorkspace workspace)
    {
        var (ranks, results, next, previous) = (workspace.Ranks, workspace.Results, workspace.Next, workspace.Previous);
        var candidates = workspace.Candidates;
        candidates.Clear();
        ranks[symbols.Length - 1] = int.MaxValue;
        for (var i = 0; i < symbols.Length; i++)
        {
            Propose(i);
        }

        while (candidates.TryDequeue(out var best, out var order))
        {
            if (ranks[best] == (int)(order >> 32))
            {
                var before = Unite(symbols, best, ranks, results, next, previous);
                Propose(best);
                if (before >= 0)
                {
                    Propose(before);
                }
            }
        }

        void Propose(int place)
        {
            if (ranks[place] != int.MaxValue)
            {
                candidates.Enqueue(place, (ulong)(uint)ranks[place] << 32 | (uint)place);
            }
        }
    }

    /// <summary>Merges the symbol at a place with the one behind it.</summary>
    /// <returns>Where the symbol before stands, or -1.</returns>
    private int Unite(Span<int> symbols, int place, int[] ranks, int[] results, int[] next, int[] previous)
    {
        var gone = next[place];
        var behind = next[gone];
        symbols[place] = results[place];
        ranks[gone] = int.MaxValue;
        next[place] = behind;
        if (behind < symbols.Length)
        {
            previous[behind] = place;
            table.Find(symbols[place], symbols[behind], out ranks[place], out results[place]);
        }
        else
        {
            ranks[place] = int.MaxValue;
        }

        var before = previous[place];
        if (before >= 0)
        {
            table.Find(symbols[before], symbols[place], out ranks[before], out results[before]);
        }

        return before;
    }

    /// <summary>The first place of the lowest rank, or -1 where none is left.</summary>
    /// <param name="ranks">One for each place, and seven more, which are the largest.</param>
    /// <param name="count">Number of places.</param>
    private static int Lowest(int[] ranks, int count)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(ranks);
        var lowest = Vector256.LoadUnsafe(ref first);
        for (var i = Vector256<int>.Count; i < count; i += Vector256<int>.Count)
        {
            lowest = Vector256.Min(lowest, Vector256.LoadUnsafe(ref first, (nuint)i));
        }

        var half = Vector128.Min(lowest.GetLower(), lowest.GetUpper());
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2)));
        var rank = half.ToScalar();
        if (rank == int.MaxValue)
        {
            return -1;
        }

        var wanted = Vector256.Create(rank);
        for (var i = 0; ; i += Vector256<int>.Count)
        {
            var found = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)i), wanted).ExtractMostSignificantBits();
            if (found != 0)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
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
