using System.Text;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// The corpus as the unigram learner sees it: stretches of symbols that no piece reaches over, each different one once,
/// with its count and with what follows it. Words are cut into them: a word and the same word with a comma are two
/// stretches, not three.
/// </summary>
internal sealed class UnigramCorpus
{
    /// <summary>The symbol behind each stretch. Its character is U+0000, which no piece holds.</summary>
    public const int End = 0;

    private const int Several = -1;
    private const int Space = '▁';
    private const int Outside = 0x110000; // SentencePiece writes one and the same sign for all that is not in the alphabet.

    private readonly int[] symbolOf;
    private readonly PieceRules rules;
    private int[] symbols = new int[1 << 12];
    private int[] starts = new int[1 << 9];
    private long[] counts = new long[1 << 9];
    private int[] following = new int[1 << 9];
    private int[] slots = new int[1 << 10]; // Open addressing; number of the stretch + 1.

    /// <summary>Cuts the words.</summary>
    /// <param name="words">Words with their counts.</param>
    /// <param name="alphabet">The characters that take part, ascending, U+0000 before them; a symbol is a place in it.</param>
    /// <param name="rules">Which symbols may stand in one piece.</param>
    public UnigramCorpus(WordTable words, int[] alphabet, PieceRules rules)
    {
        (Alphabet, this.rules) = (alphabet, rules);
        symbolOf = new int[alphabet[^1] + 1];
        for (var symbol = 1; symbol < alphabet.Length; symbol++)
        {
            symbolOf[alphabet[symbol]] = symbol;
        }

        for (var word = 0; word < words.Count; word++)
        {
            Cut(words[word], words.CountOf(word));
        }

        AddAbsentCharacters();
        slots = [];
    }

    /// <summary>The characters by symbol.</summary>
    public int[] Alphabet { get; }

    /// <summary>Number of different stretches.</summary>
    public int Count { get; private set; }

    /// <summary>How many characters that are not in the alphabet the corpus holds.</summary>
    public long OutsideCount { get; private set; }

    /// <summary>The stretches behind each other, each with <see cref="End"/> behind it.</summary>
    public ReadOnlySpan<int> Symbols => symbols.AsSpan(0, starts[Count]);

    /// <summary>Where each stretch begins; one more for the end of the last.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, Count + 1);

    /// <summary>How often each stretch stands in the corpus.</summary>
    public ReadOnlySpan<long> Counts => counts.AsSpan(0, Count);

    /// <summary>The symbol of a character of the alphabet.</summary>
    public int SymbolOf(int character) => symbolOf[character];

    /// <summary>The characters that stand at a place.</summary>
    public string Text(int place, int length)
    {
        var text = new StringBuilder(length);
        foreach (var symbol in symbols.AsSpan(place, length))
        {
            text.Append(char.ConvertFromUtf32(Alphabet[symbol]));
        }

        return text.ToString();
    }

    /// <summary>Whether different things stand behind a stretch in the corpus.</summary>
    public bool VariesBehind(int stretch) => following[stretch] == Several;

    /// <summary>Whether two stretches are always followed by one and the same thing.</summary>
    public bool SameBehind(int one, int other) => following[one] == following[other] && following[one] != Several;

    private void Cut(ReadOnlySpan<byte> word, long count)
    {
        var end = word[^1] == WordCounter.SentenceEnd ? WordCounter.SentenceEnd : Space;
        var (at, before) = (starts[Count], End);
        while (!word.IsEmpty)
        {
            Rune.DecodeFromUtf8(word, out var rune, out var length);
            word = word[length..];
            if (word.IsEmpty && rune.Value == WordCounter.SentenceEnd)
            {
                break;
            }

            var symbol = rune.Value < symbolOf.Length ? symbolOf[rune.Value] : End;
            if (before != End && (symbol == End || !rules.MayNeighbour(before, symbol)))
            {
                Close(at, count, symbol == End ? Outside : rune.Value);
                at = starts[Count];
            }

            before = symbol;
            if (symbol == End)
            {
                OutsideCount += count;
                continue;
            }

            Write(at++, symbol);
        }

        if (before != End)
        {
            Close(at, count, end);
        }
    }

    /// <summary>Words that were not drawn take their characters with them. Pieces they are all the same, so each needs a place; it counts nothing.</summary>
    private void AddAbsentCharacters()
    {
        var stands = new bool[Alphabet.Length];
        foreach (var symbol in Symbols)
        {
            stands[symbol] = true;
        }

        for (var symbol = 1; symbol < stands.Length; symbol++)
        {
            if (!stands[symbol])
            {
                Write(starts[Count], symbol);
                Close(starts[Count] + 1, 0, Space);
            }
        }
    }

    private void Write(int place, int symbol)
    {
        if (place + 1 >= symbols.Length) // The end has to find room, too.
        {
            Array.Resize(ref symbols, checked(2 * symbols.Length));
        }

        symbols[place] = symbol;
    }

    /// <summary>Adds the stretch that has been written behind the others, or finds it among them.</summary>
    private void Close(int end, long count, int next)
    {
        symbols[end] = End;
        var stretch = symbols.AsSpan(starts[Count]..end);
        var mask = slots.Length - 1;
        var slot = Hash(stretch) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var known = slots[slot] - 1;
            if (symbols.AsSpan(starts[known]..(starts[known + 1] - 1)).SequenceEqual(stretch))
            {
                counts[known] += count;
                following[known] = following[known] == next ? next : Several;
                return;
            }
        }

        if (Count + 2 > starts.Length)
        {
            Array.Resize(ref starts, 2 * starts.Length);
            Array.Resize(ref counts, 2 * counts.Length);
            Array.Resize(ref following, 2 * following.Length);
        }

        (counts[Count], following[Count]) = (count, next);
        starts[++Count] = end + 1;
        slots[slot] = Count;
        if (2 * Count > slots.Length)
        {
            Rehash(2 * slots.Length);
        }
    }

    private void Rehash(int size)
    {
        slots = new int[size];
        for (var stretch = 0; stretch < Count; stretch++)
        {
            var slot = Hash(symbols.AsSpan(starts[stretch]..(starts[stretch + 1] - 1))) & (size - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            slots[slot] = stretch + 1;
        }
    }

    // Multiplication by 2^64 divided by the golden ratio (Fibonacci hashing, Knuth, volume 3, section 6.4).
    private static int Hash(ReadOnlySpan<int> stretch)
    {
        var hash = 0UL;
        foreach (var symbol in stretch)
        {
            hash = (hash ^ (uint)symbol) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
        }

        return (int)(hash >> 33);
    }
}
