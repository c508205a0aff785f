namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Byte-pair encoding of a sequence of symbols: again and again the two neighbours whose merge has the lowest rank become
/// one, the leftmost first among equals.
/// </summary>
internal sealed class MergeEngine(MergeTable table)
{
    /// <summary>Merges in place.</summary>
    /// <param name="symbols">The symbols, not negative; what is left of them stands at the start afterwards.</param>
    /// <param name="workspace">Used by this call alone.</param>
    /// <returns>How many symbols are left.</returns>
    public int Merge(Span<int> symbols, MergeWorkspace workspace)
    {
        workspace.Reserve(symbols.Length);
        var (previous, next, candidates) = (workspace.Previous, workspace.Next, workspace.Candidates);
        for (var i = 0; i < symbols.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Propose(symbols, i - 1, i, workspace);
        }

        while (candidates.TryDequeue(out var best, out _))
        {
            var right = next[best.Left];
            if (symbols[best.Left] != best.LeftSymbol || right == symbols.Length || symbols[right] != best.RightSymbol)
            {
                continue; // One of the two has been merged with another neighbour since.
            }

            (symbols[best.Left], symbols[right]) = (best.Result, -1);
            next[best.Left] = next[right];
            if (next[right] < symbols.Length)
            {
                previous[next[right]] = best.Left;
            }

            Propose(symbols, previous[best.Left], best.Left, workspace);
            Propose(symbols, best.Left, next[best.Left], workspace);
        }

        var count = 0;
        for (var i = 0; i < symbols.Length; i = next[i])
        {
            symbols[count++] = symbols[i];
        }

        return count;
    }

    private void Propose(ReadOnlySpan<int> symbols, int left, int right, MergeWorkspace workspace)
    {
        if (left >= 0 && right < symbols.Length && table.Find(symbols[left], symbols[right], out var rank, out var result))
        {
            workspace.Candidates.Enqueue((left, symbols[left], symbols[right], result), (rank, left));
        }
    }
}
