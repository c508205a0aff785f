using System.Runtime.CompilerServices;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// The best path to a place in the text: its score, by how much its last piece wins over the second best, and that
/// piece. Length 0: not reached yet.
/// </summary>
internal struct PathNode
{
    public float Score;
    public float Margin;
    public int Length;
    public int Id;

    /// <summary>Takes a path that also ends here, if it is better: of equals the first stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(double score, int length, int id)
    {
        var lead = score - Score;
        if (Length == 0)
        {
            Margin = float.PositiveInfinity;
        }
        else if (!(lead > 0))
        {
            Margin = Math.Min(Margin, (float)-lead);
            return;
        }
        else
        {
            Margin = (float)lead;
        }

        (Score, Length, Id) = ((float)score, length, id);
    }
}

/// <summary>What the search for the best path needs; used again and again.</summary>
internal sealed class BestPaths
{
    private const int LargestKept = 1 << 18;

    private PathNode[] nodes = new PathNode[1024];

    /// <summary>What the time hangs on: the steps from node to node of the trie of pieces.</summary>
    public long Work { get; set; }

    /// <summary>Whether it is small enough to be kept for the next text.</summary>
    public bool IsSmall => nodes.Length <= LargestKept;

    /// <summary>A node for each place; not reached, but for what <see cref="Trace"/> and a search have left.</summary>
    public Span<PathNode> Nodes => nodes;

    /// <summary>Makes room for that many nodes and returns them all.</summary>
    public Span<PathNode> Reserve(int count)
    {
        if (nodes.Length < count)
        {
            Array.Resize(ref nodes, (int)Math.Max(count, Math.Min(2L * nodes.Length, Array.MaxLength)));
        }

        return nodes;
    }

    /// <summary>
    /// Turns the links of the best path to <paramref name="end"/> round: from now on a node of the path has the piece
    /// that begins there.
    /// </summary>
    /// <returns>The smallest margin on the path.</returns>
    public float Trace(int end)
    {
        var margin = float.PositiveInfinity;
        var (length, id) = (0, 0);
        for (var place = end; ; place -= length)
        {
            ref var node = ref nodes[place];
            (node.Length, node.Id, length, id) = (length, id, node.Length, node.Id);
            if (place == 0)
            {
                return margin;
            }

            margin = Math.Min(margin, node.Margin);
        }
    }

    /// <summary>Makes the first nodes unreached.</summary>
    public void Clear(int count) => nodes.AsSpan(0, count).Clear();
}
