namespace Llamax.Text.Tests.Tokenizers.Normalization;

/// <summary>
/// Builds a double array in darts-clone's layout. Equal subtrees are kept once, so the many sequences that end alike
/// cost little. A unit: bits 0 to 7 its label, bit 8 whether a key ends here, bits 10 to 30 the distance (exclusive or)
/// to its children; the child with label 0 is the value, with bit 31 set.
/// </summary>
internal sealed class DoubleArrayBuilder
{
    private const int Block = 256;
    private const uint Taken = 0x80000000; // As a unit it matches no byte: the value bit is set.

    private readonly (byte[] Key, int Value)[] entries;
    private readonly List<ulong[]> nodes = []; // Children in ascending order: label | (child or value) << 8.
    private readonly Dictionary<ulong[], int> nodeOf = new(new SameChildren());
    private readonly Dictionary<int, int> endOf = []; // The nodes that have a value and nothing else, which are most of them.

    private uint[] units = [];
    private bool[] used = [];
    private bool[] isBase = [];
    private int[] bases = [];

    // The free places are linked, ascending, from place 0 to the end of the array.
    private int[] nextFree = [0];
    private int[] previousFree = [0];

    private DoubleArrayBuilder((byte[] Key, int Value)[] entries) => this.entries = entries;

    /// <summary>Builds the array; its length is a multiple of 256.</summary>
    /// <param name="entries">Different keys in ascending order, without zeros in them, with values from 0 on.</param>
    public static uint[] Build((byte[] Key, int Value)[] entries)
    {
        var builder = new DoubleArrayBuilder(entries);
        var root = builder.Node(0, entries.Length, 0);
        builder.Lay(root);
        return builder.units;
    }

    /// <summary>The node for the keys of a range, which are the same up to a depth.</summary>
    private int Node(int from, int to, int depth)
    {
        if (to - from == 1 && entries[from].Key.Length == depth)
        {
            return End(entries[from].Value);
        }

        var children = new List<ulong>();
        if (from < to && entries[from].Key.Length == depth)
        {
            children.Add((ulong)entries[from++].Value << 8);
        }

        while (from < to)
        {
            var (first, label) = (from, entries[from].Key[depth]);
            while (from < to && entries[from].Key[depth] == label)
            {
                from++;
            }

            children.Add(label | ((ulong)Node(first, from, depth + 1) << 8));
        }

        ulong[] node = [.. children];
        if (!nodeOf.TryGetValue(node, out var number))
        {
            nodeOf.Add(node, number = nodes.Count);
            nodes.Add(node);
        }

        return number;
    }

    private int End(int value)
    {
        if (!endOf.TryGetValue(value, out var number))
        {
            endOf.Add(value, number = nodes.Count);
            nodes.Add([(ulong)value << 8]);
        }

        return number;
    }

    private void Lay(int root)
    {
        bases = new int[nodes.Count];
        Grow();
        used[0] = true;
        isBase[0] = true; // Or a zero byte would lead back to the root.

        // Wide nodes first: they need room, narrow ones fill the gaps.
        foreach (var node in Enumerable.Range(0, nodes.Count).OrderByDescending(node => nodes[node].Length))
        {
            bases[node] = Place(nodes[node]);
        }

        units[0] = Link(0, root);
        for (var node = 0; node < nodes.Count; node++)
        {
            foreach (var child in nodes[node])
            {
                var (label, target) = ((int)(child & 0xFF), (int)(child >> 8));
                var at = bases[node] ^ label;
                units[at] = label == 0 ? Taken | (uint)target : (uint)label | Link(at, target);
            }
        }
    }

    private uint Link(int from, int node) =>
        ((uint)(from ^ bases[node]) << 10) | ((nodes[node][0] & 0xFF) == 0 ? 1u << 8 : 0);

    /// <summary>Finds a place where all children of a node fit; no two nodes share one.</summary>
    private int Place(ulong[] node)
    {
        var first = (int)(node[0] & 0xFF);
        for (var at = nextFree[0]; ; at = nextFree[at])
        {
            if (at == units.Length)
            {
                Grow();
            }

            var origin = at ^ first;
            if (isBase[origin] || !Fits(node, origin))
            {
                continue;
            }

            isBase[origin] = true;
            foreach (var child in node)
            {
                Take(origin ^ (int)(child & 0xFF));
            }

            return origin;
        }
    }

    private bool Fits(ulong[] node, int origin)
    {
        foreach (var child in node)
        {
            if (used[origin ^ (int)(child & 0xFF)])
            {
                return false;
            }
        }

        return true;
    }

    private void Take(int place)
    {
        used[place] = true;
        var (before, after) = (previousFree[place], nextFree[place]);
        (nextFree[before], previousFree[after]) = (after, before);
    }

    private void Grow()
    {
        var (from, length) = (units.Length, units.Length + Block);
        Array.Resize(ref units, length);
        Array.Resize(ref used, length);
        Array.Resize(ref isBase, length);
        Array.Resize(ref nextFree, length + 1);
        Array.Resize(ref previousFree, length + 1);
        units.AsSpan(from).Fill(Taken);
        for (var place = from; place < length; place++)
        {
            (nextFree[place], previousFree[place + 1]) = (place + 1, place);
        }
    }

    private sealed class SameChildren : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] node)
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(node.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
