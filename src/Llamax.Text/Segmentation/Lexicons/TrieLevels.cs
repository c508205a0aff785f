namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>Lays the nodes of a trie out level by level.</summary>
/// <remarks>
/// The words being sorted, a word begins a node of its own at each depth beyond what it shares with the word before it.
/// It needs none deeper than one character beyond what it shares with either neighbour: from there on it is alone. The
/// nodes of a level in order of the words are also in order of their parents.
/// </remarks>
internal static class TrieLevels
{
    /// <summary>Builds the nodes.</summary>
    /// <param name="pool">The words.</param>
    /// <param name="order">Their places in the pool, sorted, each word once.</param>
    /// <param name="padding">How many more labels there are to be than nodes.</param>
    /// <returns>By node its last character; the nodes and one more that ends the children of the last.</returns>
    public static (char[] Labels, TrieNode[] Nodes) Build(WordPool pool, int[] order, int padding)
    {
        var shared = new short[order.Length + 1];
        var count = 0;
        for (var i = 0; i < order.Length; i++)
        {
            shared[i + 1] = i + 1 < order.Length ? (short)pool[order[i]].CommonPrefixLength(pool[order[i + 1]]) : (short)0;
            count += Depth(i) - shared[i];
        }

        var (labels, nodes) = (new char[count + padding], new TrieNode[count + 1]);
        var active = new int[order.Length];
        for (var i = 0; i < active.Length; i++)
        {
            active[i] = i;
        }

        var (next, parent) = (0, -1);
        for (var (depth, alive) = (1, active.Length); alive > 0; depth++)
        {
            var kept = 0;
            for (var at = 0; at < alive; at++)
            {
                var i = active[at];
                if (depth > 1 && shared[i] < depth - 1)
                {
                    parent++;
                    nodes[parent] = nodes[parent] with { FirstChild = next };
                }

                if (Depth(i) < depth)
                {
                    continue;
                }

                active[kept++] = i;
                if (shared[i] < depth)
                {
                    labels[next] = pool[order[i]][depth - 1];
                    nodes[next++] = new TrieNode(0, Depth(i) > depth ? TrieNode.None : pool[order[i]].Length == depth ? i : TrieNode.Rest(i));
                }
            }

            alive = kept;
        }

        nodes[count] = new TrieNode(count, TrieNode.None);
        return (labels, nodes);

        int Depth(int i) => Math.Min(pool[order[i]].Length, Math.Max(shared[i], shared[i + 1]) + 1);
    }
}
