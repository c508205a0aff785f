using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>
/// Finds the words of a lexicon that a text begins with: a trie whose nodes lie level by level, the children of a node
/// next to each other and sorted. What only one word goes through is not spelt out as nodes but compared with the word.
/// Immutable; equal words are one.
/// </summary>
internal sealed class WordTrie
{
    /// <summary>Stands for the node that all words go through, which is not among those that are numbered.</summary>
    public const int Root = -1;

    private const int None = -1;
    private const int Scan = 32; // Chars in a vector.

    private readonly WordPool pool;
    private readonly int[] order;
    private readonly int[] roots;
    private readonly int firstRoot;
    private readonly char[] labels;
    private readonly TrieNode[] nodes;

    /// <summary>Builds the trie; the time grows with the number of characters, and with sorting the words.</summary>
    /// <param name="pool">The words, none of them empty.</param>
    public WordTrie(WordPool pool)
    {
        this.pool = pool;
        (order, Numbers) = WordOrder.Sort(pool);
        (labels, nodes) = TrieLevels.Build(pool, order, Scan);
        var rootCount = nodes[0].FirstChild;
        firstRoot = rootCount > 0 ? labels[0] : 0;
        roots = new int[rootCount > 0 ? labels[rootCount - 1] - firstRoot + 1 : 0];
        Array.Fill(roots, -1);
        for (var node = 0; node < rootCount; node++)
        {
            roots[labels[node] - firstRoot] = node;
        }

        foreach (var word in order)
        {
            Longest = Math.Max(Longest, pool[word].Length);
        }
    }

    /// <summary>How many different words there are; they are numbered from 0 in ordinal order.</summary>
    public int Count => order.Length;

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => nodes.Length - 1;

    /// <summary>By node its character.</summary>
    public ReadOnlySpan<char> Labels => labels.AsSpan(0, NodeCount);

    /// <summary>Length in chars of the longest word.</summary>
    public int Longest { get; }

    /// <summary>The number of each word of the pool, by its place there.</summary>
    public int[] Numbers { get; }

    /// <summary>Builds the trie of a lexicon; empty words and those longer than <see cref="WordPool.LongestWord"/> are left out.</summary>
    public static WordTrie Of(IEnumerable<string> lexicon)
    {
        var words = new WordPool();
        foreach (var word in lexicon)
        {
            if (word.Length is > 0 and <= WordPool.LongestWord)
            {
                words.Add(word);
            }
        }

        return new WordTrie(words);
    }

    /// <summary>The children of a node or of <see cref="Root"/>: the first one and the one behind the last, by ascending labels. They are behind their parent.</summary>
    public (int First, int End) Children(int node) => (node == Root ? 0 : nodes[node].FirstChild, nodes[node + 1].FirstChild);

    /// <summary>Whether a word ends at a node.</summary>
    public bool Ends(int node) => nodes[node].Word >= 0;

    /// <summary>What is left of the word that goes on alone from a node; empty where none does.</summary>
    /// <param name="node">The node.</param>
    /// <param name="depth">How many characters lead to it.</param>
    public ReadOnlySpan<char> Rest(int node, int depth) => nodes[node].Word < TrieNode.None ? RestOf(nodes[node].Word, depth) : [];

    /// <summary>Finds the words that the text begins with, shortest first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="matches">Receives the words; as many places as <see cref="Longest"/> are enough.</param>
    /// <returns>How many there are.</returns>
    public int FindPrefixes(ReadOnlySpan<char> text, Span<WordMatch> matches)
    {
        var count = 0;
        var node = text.IsEmpty ? -1 : ChildOfRoot(text[0]);
        for (var depth = 1; node >= 0; depth++)
        {
            var word = nodes[node].Word;
            if (word >= 0)
            {
                matches[count++] = new WordMatch(depth, word);
            }
            else if (word != TrieNode.None)
            {
                var rest = RestOf(word, depth);
                if (text[depth..].StartsWith(rest))
                {
                    matches[count++] = new WordMatch(depth + rest.Length, TrieNode.Rest(word));
                }

                break;
            }

            node = depth < text.Length ? Child(node, text[depth]) : -1;
        }

        return count;
    }

    /// <summary>The number of a word; -1 where the lexicon lacks it.</summary>
    public int Find(ReadOnlySpan<char> word)
    {
        var node = Locate(word, out var rest);
        return node < 0 || !rest.IsEmpty ? -1
            : nodes[node].Word is var found && found < TrieNode.None ? TrieNode.Rest(found) : found;
    }

    /// <summary>The node under which all words lie that begin with this; -1 where none does.</summary>
    public int Locate(ReadOnlySpan<char> prefix) => Locate(prefix, out _);

    /// <summary>Marks the nodes that a word of the lexicon goes through.</summary>
    public void Mark(ReadOnlySpan<char> word, bool[] marks)
    {
        var node = ChildOfRoot(word[0]);
        for (var depth = 1; node >= 0; depth++)
        {
            marks[node] = true;
            node = depth < word.Length ? Child(node, word[depth]) : -1;
        }
    }

    /// <summary>Finds the node, and what is missing to the word that alone goes on from there.</summary>
    private int Locate(ReadOnlySpan<char> prefix, out ReadOnlySpan<char> rest)
    {
        rest = default;
        var node = prefix.IsEmpty ? -1 : ChildOfRoot(prefix[0]);
        for (var depth = 1; node >= 0; depth++)
        {
            if (nodes[node].Word is var word && word < TrieNode.None)
            {
                rest = RestOf(word, depth);
                var given = prefix[depth..];
                var fits = rest.StartsWith(given);
                rest = fits ? rest[given.Length..] : default;
                return fits ? node : -1;
            }

            if (depth == prefix.Length)
            {
                break;
            }

            node = Child(node, prefix[depth]);
        }

        return node;
    }

    private ReadOnlySpan<char> RestOf(int sign, int depth) => pool[order[TrieNode.Rest(sign)]][depth..];

    private int ChildOfRoot(char first)
    {
        var slot = (uint)(first - firstRoot);
        return slot < (uint)roots.Length ? roots[slot] : -1;
    }

    private int Child(int node, char label)
    {
        var (low, high) = (nodes[node].FirstChild, nodes[node + 1].FirstChild);
        while (high - low > Scan)
        {
            var middle = (low + high) >>> 1;
            if (labels[middle] <= label)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        // Behind the labels are some that count for none, so that there always are as many as a vector takes.
        var all = MemoryMarshal.Cast<char, ushort>(labels.AsSpan(low, Scan));
        var equal = Vector512.Equals(Vector512.Create((ReadOnlySpan<ushort>)all), Vector512.Create((ushort)label)).ExtractMostSignificantBits();
        var found = BitOperations.TrailingZeroCount(equal);
        return found < high - low ? low + found : None;
    }
}
