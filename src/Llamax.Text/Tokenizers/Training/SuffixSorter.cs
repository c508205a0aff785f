using System.Numerics;
namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Sorts places of a text by what stands there, up to a length and to the end of the stretch: three-way quicksort
/// (Bentley and Sedgewick, 1997) on keys of as many symbols as 64 bits hold. Used by one thread at a time.
/// </summary>
/// <param name="corpus">The text.</param>
/// <param name="longest">Symbols that count.</param>
internal sealed class SuffixSorter(UnigramCorpus corpus, int longest)
{
    private const int Few = 12;

    private readonly int bits = BitOperations.Log2((uint)corpus.Alphabet.Length) + 1;
    private ulong[] keys = [];

    private int Width => 64 / bits;

    /// <summary>Sorts.</summary>
    /// <param name="places">The places.</param>
    /// <param name="depth">Number of symbols that are known to be the same.</param>
    public void Sort(Span<int> places, int depth)
    {
        if (keys.Length < places.Length)
        {
            keys = new ulong[places.Length];
        }

        Descend(keys.AsSpan(0, places.Length), places, depth);
    }

    /// <summary>Sorts places that have the same symbols up to a depth.</summary>
    private void Descend(Span<ulong> keys, Span<int> places, int depth)
    {
        if (depth < longest && places.Length > 1)
        {
            ReadKeys(keys, places, depth);
            SortByKey(keys, places, depth);
        }
    }

    private void ReadKeys(Span<ulong> keys, Span<int> places, int depth)
    {
        var symbols = corpus.Symbols;
        var (bits, width) = (this.bits, Width);
        for (var i = 0; i < places.Length; i++)
        {
            var key = 0UL;
            var missing = width;
            for (var at = places[i] + depth; missing > 0 && symbols[at] != UnigramCorpus.End; at++, missing--)
            {
                key = (key << bits) | (uint)symbols[at];
            }

            keys[i] = missing == width ? 0 : key << (missing * bits);
        }
    }

    private void SortByKey(Span<ulong> keys, Span<int> places, int depth)
    {
        while (keys.Length > Few)
        {
            var (first, middle, last) = (keys[0], keys[keys.Length / 2], keys[^1]);
            var pivot = Math.Max(Math.Min(first, middle), Math.Min(Math.Max(first, middle), last));
            var (less, at, greater) = (0, 0, keys.Length);
            while (at < greater)
            {
                var key = keys[at];
                if (key == pivot)
                {
                    at++;
                    continue;
                }

                var to = key < pivot ? less++ : --greater;
                (keys[at], keys[to]) = (keys[to], key);
                (places[at], places[to]) = (places[to], places[at]);
                at += key < pivot ? 1 : 0;
            }

            Equal(keys[less..greater], places[less..greater], depth);

            // The smaller side by recursion, the larger by iteration, so that the stack stays small.
            if (less < keys.Length - greater)
            {
                SortByKey(keys[..less], places[..less], depth);
                keys = keys[greater..];
                places = places[greater..];
            }
            else
            {
                SortByKey(keys[greater..], places[greater..], depth);
                keys = keys[..less];
                places = places[..less];
            }
        }

        for (var i = 1; i < keys.Length; i++)
        {
            var (key, place, to) = (keys[i], places[i], i);
            for (; to > 0 && keys[to - 1] > key; to--)
            {
                (keys[to], places[to]) = (keys[to - 1], places[to - 1]);
            }

            (keys[to], places[to]) = (key, place);
        }

        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            Equal(keys[from..to], places[from..to], depth);
            from = to;
        }
    }

    private void Equal(Span<ulong> keys, Span<int> places, int depth)
    {
        // A key that ends in a zero reaches to the end of the stretch.
        if (places.Length > 1 && (keys[0] & ((1UL << bits) - 1)) != 0)
        {
            Descend(keys, places, depth + Width);
        }
    }
}
