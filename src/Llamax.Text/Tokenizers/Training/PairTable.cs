using System.Numerics;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// The pieces of a byte-pair encoding and the pairs of them that stand somewhere, by number. Plain arrays: a run is over
/// before the runtime would have compiled collections of these types.
/// </summary>
internal sealed class PairTable
{
    /// <summary>No pair, or no place.</summary>
    public const int None = -1;

    private readonly TrainingCorpus corpus;
    private readonly PieceRules rules;

    private int[] symbols; // First the alphabet, each symbol a piece; then those of every pair.
    private int symbolsEnd;
    private readonly List<int> pieceBegins = [];
    private readonly List<int> pieceLengths = [];
    private SymbolPair[] pairs = new SymbolPair[1 << 12];

    // Open addressing; a key is left and right + 1, and 0 where the slot is free. A pair that the rules forbid has the number None.
    private ulong[] keys = new ulong[1 << 13];
    private int[] numbers = new int[1 << 13];
    private int taken;

    /// <summary>Starts with the alphabet as pieces.</summary>
    public PairTable(TrainingCorpus corpus, PieceRules rules)
    {
        (this.corpus, this.rules, symbolsEnd) = (corpus, rules, corpus.Alphabet.Count);
        symbols = new int[Math.Max(1 << 14, 2 * symbolsEnd)];
        for (var symbol = 0; symbol < symbolsEnd; symbol++)
        {
            symbols[symbol] = symbol;
            pieceBegins.Add(symbol);
            pieceLengths.Add(1);
        }
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>A pair.</summary>
    public ref SymbolPair this[int number] => ref pairs[number];

    /// <summary>The symbols of a pair.</summary>
    public ReadOnlySpan<int> Symbols(int number) => symbols.AsSpan(pairs[number].Begin, pairs[number].Length);

    /// <summary>Makes a piece of a pair.</summary>
    /// <returns>The number of the piece.</returns>
    public int AddPiece(int number)
    {
        pieceBegins.Add(pairs[number].Begin);
        pieceLengths.Add(pairs[number].Length);
        return pieceBegins.Count - 1;
    }

    /// <summary>The number of the pair of two pieces, or <see cref="None"/> where the rules forbid it.</summary>
    public int NumberOf(int left, int right)
    {
        var key = (((ulong)(uint)left << 32) | (uint)right) + 1;
        var slot = Slot(key);
        for (; keys[slot] != 0; slot = (slot + 1) & (keys.Length - 1))
        {
            if (keys[slot] == key)
            {
                return numbers[slot];
            }
        }

        var number = Add(left, right);
        (keys[slot], numbers[slot]) = (key, number);
        if (++taken > keys.Length / 2)
        {
            Rehash();
        }

        return number;
    }

    /// <summary>Orders pairs of the same count: the shorter first, then the one first in code point order.</summary>
    public int Compare(int a, int b)
    {
        var x = Symbols(a);
        var y = Symbols(b);
        if (x.Length != y.Length)
        {
            return x.Length - y.Length;
        }

        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i])
            {
                return corpus.Alphabet[x[i]] - corpus.Alphabet[y[i]];
            }
        }

        return pairs[a].Left - pairs[b].Left; // The same string from other parts.
    }

    private int Add(int left, int right)
    {
        var (begin, first, second) = (symbolsEnd, pieceLengths[left], pieceLengths[right]);
        if (symbols.Length - begin < first + second)
        {
            symbols = Grown(symbols, begin, begin + first + second);
        }

        var own = symbols.AsSpan(begin, first + second);
        symbols.AsSpan(pieceBegins[left], first).CopyTo(own);
        symbols.AsSpan(pieceBegins[right], second).CopyTo(own[first..]);
        if (!rules.Allow(own))
        {
            return None;
        }

        if (Count == pairs.Length)
        {
            var larger = new SymbolPair[2 * Count];
            Array.Copy(pairs, larger, Count);
            pairs = larger;
        }

        symbolsEnd += own.Length;
        pairs[Count] = new SymbolPair { Left = left, Right = right, Begin = begin, Length = own.Length, FirstPlace = None, LastPlace = None };
        return Count++;
    }

    private static int[] Grown(int[] array, int used, int needed)
    {
        var larger = new int[(int)Math.Min(Math.Max(2L * array.Length, needed), Array.MaxLength)];
        Array.Copy(array, larger, used);
        return larger;
    }

    private void Rehash()
    {
        var (oldKeys, oldNumbers) = (keys, numbers);
        (keys, numbers) = (new ulong[2 * keys.Length], new int[2 * keys.Length]);
        for (var i = 0; i < oldKeys.Length; i++)
        {
            if (oldKeys[i] != 0)
            {
                var slot = Slot(oldKeys[i]);
                while (keys[slot] != 0)
                {
                    slot = (slot + 1) & (keys.Length - 1);
                }

                (keys[slot], numbers[slot]) = (oldKeys[i], oldNumbers[i]);
            }
        }
    }

    // The constant is 2^64 divided by the golden ratio (Fibonacci hashing, Knuth, volume 3, section 6.4); its upper bits are the good ones.
    private int Slot(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> (64 - BitOperations.Log2((uint)keys.Length)));
}
