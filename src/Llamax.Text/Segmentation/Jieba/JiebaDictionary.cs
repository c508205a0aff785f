using System.Buffers;
using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>
/// Words with their frequencies, and the best path through a text by them. Every beginning of a word is in the dictionary
/// as well, with the frequency 0. Filled while loading, then only read.
/// </summary>
internal sealed class JiebaDictionary
{
    private const int Short = 256;
    private const long Absent = -1;

    private readonly WordTrie trie;
    private readonly long[] frequencies;
    private readonly double[] logarithms; // Of the frequencies; NaN for a word that is no step of a path.
    private readonly bool[] known; // By node of the trie: whether a word that goes through it has come.
    private readonly HashSet<int> forced = [];
    private double logTotal;

    /// <summary>A dictionary in which none of the words is yet.</summary>
    /// <param name="trie">All words that will be added.</param>
    public JiebaDictionary(WordTrie trie)
    {
        this.trie = trie;
        frequencies = new long[trie.Count];
        logarithms = new double[trie.Count];
        known = new bool[trie.NodeCount];
        Array.Fill(frequencies, Absent);
        Array.Fill(logarithms, double.NaN);
    }

    /// <summary>The sum of the frequencies that were given, those of repeated words included.</summary>
    public long Total { get; private set; }

    /// <summary>Adds a word, or gives it another frequency.</summary>
    /// <param name="word">A word that the trie has.</param>
    /// <param name="frequency">At least 0; with 0 it is in the dictionary and is never taken.</param>
    /// <returns>Whether the sum of the frequencies is still within 64 bits.</returns>
    public bool Add(ReadOnlySpan<char> word, long frequency)
    {
        var number = trie.Find(word);
        frequencies[number] = frequency;
        logarithms[number] = frequency > 0 ? Math.Log(frequency) : double.NaN;
        trie.Mark(word, known);
        Total = unchecked(Total + frequency);
        logTotal = Math.Log(Total);
        return Total >= 0;
    }

    /// <summary>Has the word cut into characters wherever the HMM makes it.</summary>
    public void ForceSplit(ReadOnlySpan<char> word) => forced.Add(trie.Find(word));

    /// <summary>Whether the word was given to <see cref="ForceSplit"/>.</summary>
    public bool IsForcedApart(ReadOnlySpan<char> word) => forced.Count > 0 && forced.Contains(trie.Find(word));

    /// <summary>The frequency: 0 for what only words begin with, null for what no word begins with.</summary>
    public long? Frequency(ReadOnlySpan<char> word)
    {
        var node = trie.Locate(word);
        return node < 0 || !known[node] ? null : trie.Find(word) is >= 0 and var number ? Math.Max(frequencies[number], 0) : 0;
    }

    /// <summary>Whether the word is there with a frequency above 0.</summary>
    public bool Has(ReadOnlySpan<char> word) => trie.Find(word) is >= 0 and var number && frequencies[number] > 0;

    /// <summary>
    /// The most probable way to cut a text into words, found from its end to its beginning. Of ways that are equal in
    /// floating point, the longer word comes first. A character that begins no word counts as one with the frequency 1.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="ends">Receives for each place the end of the best word that begins there; as long as the text.</param>
    public void BestPath(ReadOnlySpan<char> text, Span<int> ends)
    {
        var rented = text.Length < Short ? null : ArrayPool<double>.Shared.Rent(text.Length + 1);
        var scores = rented ?? stackalloc double[Short];
        Span<WordMatch> matches = stackalloc WordMatch[trie.Longest];
        scores[text.Length] = 0;
        for (var start = text.Length - 1; start >= 0; start--)
        {
            var (best, end) = (double.NegativeInfinity, 0);
            foreach (var (length, word) in matches[..trie.FindPrefixes(text[start..], matches)])
            {
                // In this order of operations, since equal paths are told apart by the last bit.
                var score = logarithms[word] - logTotal + scores[start + length];
                if (score >= best)
                {
                    (best, end) = (score, start + length);
                }
            }

            scores[start] = end > 0 ? best : 0 - logTotal + scores[start + 1];
            ends[start] = end > 0 ? end : start + 1;
        }

        if (rented is not null)
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
