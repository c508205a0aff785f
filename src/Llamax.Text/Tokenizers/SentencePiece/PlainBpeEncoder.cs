using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Byte-pair encoding as SentencePiece does it: from characters, again and again the two neighbours whose union is the
/// piece with the highest score are merged, the leftmost first among equals. n log n in the length of the text.
/// </summary>
internal sealed class PlainBpeEncoder(PieceTable pieces, ByteTrie? userDefined) : IPieceEncoder
{
    private readonly bool hasUnused = Enumerable.Range(0, pieces.Count).Any(id => pieces[id].Type == PieceType.Unused);
    private readonly float[] scores = [.. Enumerable.Range(0, pieces.Count).Select(id => pieces[id].Score)];

    public void Encode(EncoderWorkspace workspace)
    {
        var text = workspace.Normalized.Written;
        var (symbols, merges) = (workspace.Symbols, workspace.Merges);
        Split(text, symbols);
        merges.Clear();
        var unused = hasUnused ? new Dictionary<int, int>() : null;
        for (var i = 1; i < symbols.Count; i++)
        {
            Propose(text, i - 1, i, symbols, merges, unused);
        }

        while (merges.Count > 0)
        {
            var best = merges.Pop();
            ref var left = ref symbols[best.Left];
            ref var right = ref symbols[best.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != best.Size)
            {
                continue; // One of the two has been merged with another neighbour since.
            }

            left.Length = best.Size;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = best.Left;
            }

            Propose(text, left.Previous, best.Left, symbols, merges, unused);
            Propose(text, best.Left, left.Next, symbols, merges, unused);
        }

        for (var i = symbols.Count > 0 ? 0 : -1; i >= 0; i = symbols[i].Next)
        {
            Emit(text, symbols[i].Start, symbols[i].Length, workspace.Segments, unused);
        }
    }

    private void Split(ReadOnlySpan<byte> text, PlainBpeSymbols symbols)
    {
        symbols.Clear();
        for (var start = 0; start < text.Length;)
        {
            var length = userDefined?.LongestPrefix(text[start..]) ?? 0;
            var frozen = length > 0;
            if (!frozen)
            {
                Rune.DecodeFromUtf8(text[start..], out _, out length);
            }

            symbols.Add(start, length, frozen);
            start += length;
        }
    }

    private void Propose(
        ReadOnlySpan<byte> text, int left, int right, PlainBpeSymbols symbols, PlainMergeHeap merges, Dictionary<int, int>? unused)
    {
        if (left < 0 || right < 0 || symbols[left].Frozen || symbols[right].Frozen)
        {
            return;
        }

        var size = symbols[left].Length + symbols[right].Length;
        var id = pieces.Find(text.Slice(symbols[left].Start, size));
        if (id < 0)
        {
            return;
        }

        merges.Push(new PlainMerge(scores[id], left, right, size));
        if (unused is not null && pieces[id].Type == PieceType.Unused)
        {
            unused[id] = symbols[left].Length;
        }
    }

    /// <summary>Appends a symbol; one that is marked unused falls apart into what it was last proposed from.</summary>
    private void Emit(ReadOnlySpan<byte> text, int start, int length, List<Segment> segments, Dictionary<int, int>? unused)
    {
        var id = pieces.Find(text.Slice(start, length));
        if (unused is null)
        {
            segments.Add(new Segment(start, length, id < 0 ? pieces.UnknownId : pieces.Resolve(id)));
            return;
        }

        var parts = new Stack<(int Start, int Length)>([(start, length)]);
        while (parts.TryPop(out var part))
        {
            id = pieces.Find(text.Slice(part.Start, part.Length));
            if (id >= 0 && pieces[id].Type == PieceType.Unused && unused.TryGetValue(id, out var left))
            {
                parts.Push((part.Start + left, part.Length - left));
                parts.Push((part.Start, left));
            }
            else
            {
                segments.Add(new Segment(part.Start, part.Length, id < 0 ? pieces.UnknownId : pieces.Resolve(id)));
            }
        }
    }
}
