using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Short words that are merged side by side, in turn one merge each: what a word must look up is on its way from memory while
/// the others have their turn. Belongs to a workspace, and to one table of merges.
/// </summary>
internal sealed class WordBatch
{
    private const int Lanes = 32;
    private const int NoLane = Lanes - 1; // A word has one pair less than bytes.
    private const int HalfLanes = Lanes / 2;

    private readonly int[] symbols = new int[Room * Lanes];
    private readonly int[] ranks = new int[Room * Lanes]; // Of each symbol and the one behind it: what they give, which says the rank.
    private readonly Word[] words = new Word[Room];
    private readonly int[] waiting = new int[Room];

    /// <summary>How many words there is room for.</summary>
    public static int Room => 32;

    /// <summary>The longest word in bytes.</summary>
    public static int LongestWord => Lanes;

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all words.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a word.</summary>
    /// <param name="word">From 1 byte to <see cref="LongestWord"/>.</param>
    /// <param name="merges">The merges.</param>
    public void Add(ReadOnlySpan<byte> word, RankedMerges merges)
    {
        var own = symbols.AsSpan(Count * Lanes, word.Length);
        var pairs = ranks.AsSpan(Count * Lanes, Lanes);
        pairs.Fill(RankedMerges.None);
        own[0] = merges.Number(word[0]);
        for (var i = 1; i < word.Length; i++)
        {
            own[i] = merges.Number(word[i]);
            pairs[i - 1] = merges.Find(word[i - 1], word[i]);
        }

        words[Count] = new Word
        {
            Alive = uint.MaxValue >> (Lanes - word.Length),
            Left = Look.ForNothing,
            Right = Look.ForNothing,
        };
        waiting[Count] = Count;
        Count++;
    }

    /// <summary>Merges all words.</summary>
    /// <param name="merges">The merges.</param>
    public void Merge(RankedMerges merges)
    {
        for (var left = Count; left > 0;)
        {
            // Apart from the steps: what is stored by parts cannot be loaded as a whole before it has reached the cache.
            for (var i = 0; i < left; i++)
            {
                ref readonly var word = ref words[waiting[i]];
                ref var own = ref ranks[waiting[i] * Lanes];
                Unsafe.Add(ref own, word.Right.Lane) = merges.Find(word.Right.Key);
                Unsafe.Add(ref own, word.Left.Lane) = merges.Find(word.Left.Key);
            }

            for (var i = 0; i < left;)
            {
                var word = waiting[i];
                if (TryStep(ref words[word], ref symbols[word * Lanes], ref ranks[word * Lanes], merges))
                {
                    i++;
                }
                else
                {
                    waiting[i] = waiting[--left];
                }
            }
        }
    }

    /// <summary>How many tokens a word has become.</summary>
    public int Tokens(int word) => BitOperations.PopCount(words[word].Alive);

    /// <summary>Writes the ids that a word has become.</summary>
    /// <param name="word">Which word.</param>
    /// <param name="ids">Room for <see cref="Tokens"/>.</param>
    public void Write(int word, Span<int> ids)
    {
        var own = symbols.AsSpan(word * Lanes, Lanes);
        var count = 0;
        for (var alive = words[word].Alive; alive != 0; alive &= alive - 1)
        {
            ids[count++] = own[BitOperations.TrailingZeroCount(alive)] - 1;
        }
    }

    /// <summary>Merges the pair of the lowest rank, the leftmost of equals.</summary>
    /// <returns>False where none merges any more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryStep(ref Word word, ref int symbols, ref int ranks, RankedMerges merges)
    {
        var (low, high) = (Vector512.LoadUnsafe(ref ranks), Vector512.LoadUnsafe(ref ranks, HalfLanes));
        var lowest = Lowest(low, high);
        if (lowest == RankedMerges.None)
        {
            return false;
        }

        var wanted = Vector512.Create(lowest);
        var found = (uint)Vector512.Equals(low, wanted).ExtractMostSignificantBits() | (uint)Vector512.Equals(high, wanted).ExtractMostSignificantBits() << HalfLanes;
        var place = BitOperations.TrailingZeroCount(found);
        var behind = word.Alive & (~1u << place);
        var gone = BitOperations.TrailingZeroCount(behind);
        behind &= behind - 1;
        word.Alive ^= 1u << gone;
        var before = word.Alive & ((1u << place) - 1);
        Unsafe.Add(ref symbols, place) = lowest;
        Unsafe.Add(ref ranks, gone) = RankedMerges.None;

        // Where there is no neighbour, what is read in its place has no meaning.
        var last = NoLane - BitOperations.LeadingZeroCount(before) & NoLane;
        var next = BitOperations.TrailingZeroCount(behind) & NoLane;
        word.Right = new Look(merges.Begin(lowest, Unsafe.Add(ref symbols, next), behind), place);
        word.Left = new Look(merges.Begin(Unsafe.Add(ref symbols, last), lowest, before), before != 0 ? last : NoLane);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lowest(Vector512<int> low, Vector512<int> high)
    {
        var all = Vector512.Min(low, high);
        var half = Vector256.Min(all.GetLower(), all.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2)));
        return quarter.ToScalar();
    }

    /// <summary>A pair that is looked up: its key, and whose rank it is.</summary>
    private readonly record struct Look(ulong Key, int Lane)
    {
        public static Look ForNothing => new(RankedMerges.NoKey, NoLane);
    }

    private struct Word
    {
        public uint Alive; // A bit for each place where a symbol starts.
        public Look Left;
        public Look Right;
    }
}
