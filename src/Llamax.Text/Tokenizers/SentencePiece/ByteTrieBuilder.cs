namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Lays a prefix tree out as a double array, depth first. The children of a node share a block of 256 places; a node takes
/// the first base for which all its children's places are free. Only the last blocks are looked at, and only at a few of
/// their places, so that no set of keys makes it slow, and what it needs besides the array is small.
/// </summary>
internal sealed class ByteTrieBuilder
{
    private const int Block = 256;
    private const int OpenPlaces = 32 * Block;
    private const int Tries = 96;

    // For places of open blocks only, by the place modulo their number. The free ones form a list from the oldest on.
    private readonly bool[] isBase = new bool[OpenPlaces];
    private readonly int[] next = new int[OpenPlaces];
    private readonly int[] previous = new int[OpenPlaces];
    private int first = -1;
    private int last = -1;

    // As many places as there are nodes, in whole blocks, and blocks behind them where not all could be used.
    private ByteTrie.Unit[] units = [];
    private readonly List<ByteTrie.Unit[]> more = [];
    private int count;

    /// <summary>The base of the root: its children are the first to be laid out, behind a block that stays free.</summary>
    public static int Root => Block;

    /// <summary>Makes the array.</summary>
    /// <param name="keys">How many keys there are.</param>
    /// <param name="key">The key at a place; they are in the order of their bytes.</param>
    /// <param name="value">What that key stands for.</param>
    public ByteTrie.Unit[] Build(int keys, Func<int, ReadOnlySpan<byte>> key, Func<int, int> value)
    {
        var nodes = 0L;
        for (var i = 0; i < keys; i++)
        {
            nodes += key(i).Length - (i > 0 ? key(i - 1).CommonPrefixLength(key(i)) : 0);
        }

        units = new ByteTrie.Unit[checked((int)((nodes + 3 * Block) / Block * Block))];
        Array.Fill(units, ByteTrie.Unit.Free);
        count = Block; // To the first block, which stays free, childless nodes lead.
        AddBlock();

        // A node that waits: its place (the root has none), and its keys, which agree in the first bytes.
        var waiting = new Stack<(int Place, int From, int To, int Depth)>([(-1, 0, keys, 0)]);
        var labels = new List<byte>();
        var starts = new List<int>();
        while (waiting.TryPop(out var node))
        {
            var from = node.From;
            if (from < node.To && key(from).Length == node.Depth)
            {
                Unit(node.Place).Tag |= value(from++) + 1 << ByteTrie.Unit.LabelBits;
            }

            labels.Clear();
            starts.Clear();
            for (var i = from; i < node.To; i = EndOf(key, i, node.To, node.Depth))
            {
                labels.Add(key(i)[node.Depth]);
                starts.Add(i);
            }

            if (labels.Count == 0)
            {
                continue;
            }

            var start = node.Place < 0 ? Root : FindBase(labels);
            isBase[start % OpenPlaces] = true;
            if (node.Place >= 0)
            {
                Unit(node.Place).Base = start;
            }

            for (var i = labels.Count - 1; i >= 0; i--)
            {
                var place = start ^ labels[i];
                Take(place);
                Unit(place) = new ByteTrie.Unit { Tag = labels[i] };
                waiting.Push((place, starts[i], i + 1 < starts.Count ? starts[i + 1] : node.To, node.Depth + 1));
            }
        }

        var used = Math.Min(count, units.Length);
        if (more.Count > 0 || used < units.Length / 8 * 7)
        {
            Array.Resize(ref units, count);
            for (var i = 0; i < more.Count; i++)
            {
                more[i].CopyTo(units, used + i * Block);
            }
        }

        return units;
    }

    /// <summary>Behind the keys that have the same byte as the key at <paramref name="from"/>, found by halving.</summary>
    private static int EndOf(Func<int, ReadOnlySpan<byte>> key, int from, int to, int depth)
    {
        var label = key(from)[depth];
        var (low, step) = (from, 1);
        while (low + step < to && key(low + step)[depth] == label)
        {
            (low, step) = (low + step, 2 * step);
        }

        var high = Math.Min(low + step, to);
        while (low + 1 < high)
        {
            var middle = low + (high - low) / 2;
            (low, high) = key(middle)[depth] == label ? (middle, high) : (low, middle);
        }

        return high;
    }

    private int FindBase(List<byte> labels)
    {
        var place = first;
        for (var tries = 0; tries < Tries && place >= 0; tries++, place = next[place % OpenPlaces])
        {
            var start = place ^ labels[0];
            if (!isBase[start % OpenPlaces] && AreFree(start, labels))
            {
                return start;
            }
        }

        AddBlock();
        return count - Block;
    }

    private bool AreFree(int start, List<byte> labels)
    {
        foreach (var label in labels)
        {
            if (Unit(start ^ label).Tag != ByteTrie.Unit.LabelMask)
            {
                return false;
            }
        }

        return true;
    }

    private ref ByteTrie.Unit Unit(int place) =>
        ref place < units.Length ? ref units[place] : ref more[(place - units.Length) / Block][place % Block];

    private void AddBlock()
    {
        // The block whose turn it is to make room is closed: what is free in it stays free.
        var start = count;
        count = checked(count + Block);
        for (var place = start - OpenPlaces; place >= Block && place < start - OpenPlaces + Block; place++)
        {
            if (Unit(place).Tag == ByteTrie.Unit.LabelMask)
            {
                Take(place);
            }
        }

        if (count > units.Length)
        {
            more.Add(new ByteTrie.Unit[Block]);
            Array.Fill(more[^1], ByteTrie.Unit.Free);
        }

        isBase.AsSpan(start % OpenPlaces, Block).Clear();
        for (var place = start; place < start + Block; place++)
        {
            (next[place % OpenPlaces], previous[place % OpenPlaces]) = (-1, last);
            if (last >= 0)
            {
                next[last % OpenPlaces] = place;
            }

            (first, last) = (first < 0 ? place : first, place);
        }
    }

    private void Take(int place)
    {
        var (before, after) = (previous[place % OpenPlaces], next[place % OpenPlaces]);
        if (before >= 0)
        {
            next[before % OpenPlaces] = after;
        }

        if (after >= 0)
        {
            previous[after % OpenPlaces] = before;
        }

        (first, last) = (first == place ? after : first, last == place ? before : last);
    }
}
