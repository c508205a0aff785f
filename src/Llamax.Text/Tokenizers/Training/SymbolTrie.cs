using System.Numerics;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>A prefix tree over strings of symbols; the children are found by hashing (node, symbol).</summary>
internal sealed class SymbolTrie
{
    private readonly int[] rootChild; // By symbol.
    private readonly ulong[] keys; // (node << 32 | symbol) + 1; 0 is free.
    private readonly int[] children;
    private readonly int shift;
    private readonly List<int> values = [-1];

    /// <summary>Makes an empty one.</summary>
    /// <param name="alphabet">Number of symbols.</param>
    /// <param name="length">Length of all strings that will be added together.</param>
    public SymbolTrie(int alphabet, int length)
    {
        rootChild = new int[alphabet];
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * length));
        shift = 64 - BitOperations.Log2(size);
        (keys, children) = (new ulong[size], new int[size]);
    }

    public void Add(ReadOnlySpan<int> text, int value)
    {
        ref var first = ref rootChild[text[0]];
        first = first == 0 ? NewNode() : first;
        var node = first;
        foreach (var symbol in text[1..])
        {
            var key = Key(node, symbol);
            var slot = Slot(key);
            while (keys[slot] != 0 && keys[slot] != key)
            {
                slot = (slot + 1) & (keys.Length - 1);
            }

            if (keys[slot] == 0)
            {
                (keys[slot], children[slot]) = (key, NewNode());
            }

            node = children[slot];
        }

        values[node] = value;
    }

    /// <summary>The node of a string of one symbol; 0 where nothing begins with it.</summary>
    public int First(int symbol) => rootChild[symbol];

    /// <summary>The node after one more symbol; 0 where there is none.</summary>
    public int Child(int node, int symbol)
    {
        var key = Key(node, symbol);
        for (var slot = Slot(key); keys[slot] != 0; slot = (slot + 1) & (keys.Length - 1))
        {
            if (keys[slot] == key)
            {
                return children[slot];
            }
        }

        return 0;
    }

    /// <summary>The value of the string that ends at a node, or -1.</summary>
    public int Value(int node) => values[node];

    private static ulong Key(int node, int symbol) => (((ulong)(uint)node << 32) | (uint)symbol) + 1;

    private int NewNode()
    {
        values.Add(-1);
        return values.Count - 1;
    }

    // Fibonacci hashing (Knuth, volume 3, section 6.4).
    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> shift);
}
