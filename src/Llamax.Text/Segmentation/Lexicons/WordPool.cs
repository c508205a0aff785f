namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>Words one behind the other in one block of memory, numbered in the order in which they came.</summary>
internal sealed class WordPool(int words = 0, int characters = 0)
{
    /// <summary>Chars of the longest word that a lexicon takes; keeps the time per character of text bounded.</summary>
    public const int LongestWord = 512;

    private char[] pool = new char[characters];
    private int[] starts = new int[words + 1];

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>The word of that number.</summary>
    public ReadOnlySpan<char> this[int word] => pool.AsSpan(starts[word], starts[word + 1] - starts[word]);

    /// <summary>Adds a word.</summary>
    public void Add(ReadOnlySpan<char> word)
    {
        var start = starts[Count];
        if (pool.Length - start < word.Length)
        {
            Array.Resize(ref pool, checked(Math.Max(start * 2, start + word.Length)));
        }

        if (starts.Length == Count + 1)
        {
            Array.Resize(ref starts, checked((Count * 2) + 2));
        }

        word.CopyTo(pool.AsSpan(start));
        starts[++Count] = start + word.Length;
    }
}
