namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>
/// Finds the words of a lexicon that a text begins with: a trie whose nodes lie level by level, the children of a node
/// next to each other and sorted. What only one word goes through is not spelt out as nodes but compared with the word.
/// Immutable; equal words are one.
/// </summary>
internal sealed class WordTrie
{
    private const int WidestScan = 16;

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
        (labels, nodes) = TrieLevels.Build(pool, order);
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
    public int NodeCount => labels.Length;

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

    /// <summary>Finds the words that the text begins with, shortest first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="matches">Receives the words; as many places as <see cref="Longest"/> are enough.</param>
    /// <returns>How many there are.</returns>
    public int FindPrefixes(ReadOnlySpan<char> text, Span<WordMatch> matches)
    {
        var count = 0;
        var node = text.IsEmpty ? -1 : Root(text[0]);
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
        var node = Root(word[0]);
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
        var node = prefix.IsEmpty ? -1 : Root(prefix[0]);
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

    private int Root(char first)
    {
        var slot = (uint)(first - firstRoot);
        return slot < (uint)roots.Length ? roots[slot] : -1;
    }

    private int Child(int node, char label)
    {
        var (low, high) = (nodes[node].FirstChild, nodes[node + 1].FirstChild);
        while (high - low > WidestScan)
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

        var found = labels.AsSpan(low, high - low).IndexOf(label);
        return found < 0 ? -1 : low + found;
    }
}
