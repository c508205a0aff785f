namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>A prefix tree over byte strings: the children of a node lie side by side, sorted by their byte.</summary>
internal sealed class ByteTrie
{
    private readonly byte[] labels;
    private readonly int[] firstChild; // The children of node n are firstChild[n] to firstChild[n + 1], exclusive.
    private readonly int[] values;

    /// <summary>Builds the tree breadth first, so that the nodes of a level and hence all children are contiguous.</summary>
    /// <param name="entries">Different, non-empty keys with their values, which are not negative.</param>
    public ByteTrie(IEnumerable<(byte[] Key, int Value)> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var (labels, firstChild, values) = (new List<byte> { 0 }, new List<int>(), new List<int>());
        var level = new List<(int From, int To)> { (0, sorted.Length) };
        for (var depth = 0; level.Count > 0; depth++)
        {
            var next = new List<(int From, int To)>();
            var firstOfNext = labels.Count;
            foreach (var (from, to) in level)
            {
                firstChild.Add(firstOfNext + next.Count);
                var i = from;
                values.Add(i < to && sorted[i].Key.Length == depth ? sorted[i++].Value : -1);
                while (i < to)
                {
                    var (start, label) = (i, sorted[i].Key[depth]);
                    while (i < to && sorted[i].Key[depth] == label)
                    {
                        i++;
                    }

                    next.Add((start, i));
                    labels.Add(label);
                }
            }

            level = next;
        }

        firstChild.Add(labels.Count);
        (this.labels, this.firstChild, this.values) = ([.. labels], [.. firstChild], [.. values]);
    }

    /// <summary>The node above all keys.</summary>
    public static int Root => 0;

    /// <summary>The child of <paramref name="node"/> for a byte, or -1.</summary>
    public int Child(int node, byte label)
    {
        var from = firstChild[node];
        var at = labels.AsSpan(from, firstChild[node + 1] - from).BinarySearch(label);
        return at < 0 ? -1 : from + at;
    }

    /// <summary>The value of the key that ends at <paramref name="node"/>, or -1.</summary>
    public int Value(int node) => values[node];

    /// <summary>Length of the longest key that <paramref name="text"/> starts with; 0 where there is none.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text)
    {
        var (longest, node) = (0, Root);
        for (var i = 0; i < text.Length; i++)
        {
            node = Child(node, text[i]);
            if (node < 0)
            {
                break;
            }

            longest = values[node] >= 0 ? i + 1 : longest;
        }

        return longest;
    }
}
