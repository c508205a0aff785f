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

    // The symbols of the pieces behind each other, and where each piece begins; the first pieces are the symbols of the alphabet.
    private readonly List<int> symbols = [];
    private readonly List<int> begins = [0];
    private readonly int[] scratch;
    private SymbolPair[] pairs = new SymbolPair[1 << 12];

    // Open addressing; a key is left and right + 1, and 0 where the slot is free. A pair that the rules forbid has the number None.
    private ulong[] keys = new ulong[1 << 13];
    private int[] numbers = new int[1 << 13];
    private int taken;

    /// <summary>Starts with the alphabet as pieces.</summary>
    public PairTable(TrainingCorpus corpus, PieceRules rules)
    {
        (this.corpus, this.rules, scratch) = (corpus, rules, new int[2 * rules.MaximumLength]);
        for (var symbol = 0; symbol < corpus.Alphabet.Count; symbol++)
        {
            symbols.Add(symbol);
            begins.Add(symbol + 1);
        }
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>A pair.</summary>
    public ref SymbolPair this[int number] => ref pairs[number];

    /// <summary>The symbols of a pair, until the next are asked for.</summary>
    public ReadOnlySpan<int> Symbols(int number) => Symbols(pairs[number].Left, pairs[number].Right);

    /// <summary>Makes a piece of a pair.</summary>
    /// <returns>The number of the piece.</returns>
    public int AddPiece(int number)
    {
        foreach (var symbol in Symbols(number))
        {
            symbols.Add(symbol);
        }

        begins.Add(symbols.Count);
        return begins.Count - 2;
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
        if (++taken > keys.Length / 4 * 3)
        {
            Rehash();
        }

        return number;
    }

    /// <summary>Orders pairs of the same count: the shorter first, then the one first in code point order.</summary>
    public int Compare(int a, int b)
    {
        ref var x = ref pairs[a];
        ref var y = ref pairs[b];
        if (x.Length != y.Length)
        {
            return x.Length - y.Length;
        }

        // The second piece follows the first: where one ends, the place in the array jumps.
        var (atX, endX, atY, endY) = (begins[x.Left], begins[x.Left + 1], begins[y.Left], begins[y.Left + 1]);
        for (var i = 0; i < x.Length; i++)
        {
            atX = atX == endX ? begins[x.Right] : atX;
            atY = atY == endY ? begins[y.Right] : atY;
            if (symbols[atX] != symbols[atY])
            {
                return corpus.Alphabet[symbols[atX]] - corpus.Alphabet[symbols[atY]];
            }

            atX++;
            atY++;
        }

        return x.Left - y.Left; // The same string from other parts.
    }

    private int Add(int left, int right)
    {
        var own = Symbols(left, right);
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

        pairs[Count] = new SymbolPair { Left = left, Right = right, Length = (short)own.Length, FirstPlace = None, LastPlace = None };
        return Count++;
    }

    private ReadOnlySpan<int> Symbols(int left, int right)
    {
        var length = 0;
        for (var at = begins[left]; at < begins[left + 1]; at++)
        {
            scratch[length++] = symbols[at];
        }

        for (var at = begins[right]; at < begins[right + 1]; at++)
        {
            scratch[length++] = symbols[at];
        }

        return scratch.AsSpan(0, length);
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
