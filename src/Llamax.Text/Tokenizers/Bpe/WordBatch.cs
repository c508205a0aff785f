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
    private const int Lanes = 32; // Symbols of a word.
    private const int NoLane = Lanes - 1; // A word has one pair less than bytes.
    private const int HalfLanes = Lanes / 2;

    private readonly int[] symbols = new int[Room * Lanes];
    private readonly int[] ranks = new int[Room * Lanes]; // Of each symbol and the one behind it: what they give, which says the rank.
    private readonly Word[] words = new Word[Room];
    private readonly int[] waiting = new int[Room];
    private readonly Look[] looks = new Look[Room * Lanes + 1]; // Of pairs in words as they are added.
    private int lookCount;

    /// <summary>How many words there is room for.</summary>
    public static int Room => 64;

    /// <summary>The longest word in bytes that there may be room for.</summary>
    public static int LongestWord => Lanes * 3;

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the time hangs on: the symbols that words began as, and the steps of merging them.</summary>
    public long Work { get; private set; }

    /// <summary>Forgets all words.</summary>
    public void Clear() => (Count, lookCount) = (0, 0);

    /// <summary>Adds a word.</summary>
    /// <param name="word">1 byte or more.</param>
    /// <param name="merges">The merges.</param>
    /// <returns>False for a word that is too long.</returns>
    public bool Add(ReadOnlySpan<byte> word, RankedMerges merges)
    {
        ref var own = ref symbols[Count * Lanes];
        ref var results = ref ranks[Count * Lanes];
        Vector512.Create(RankedMerges.None).StoreUnsafe(ref results);
        Vector512.Create(RankedMerges.None).StoreUnsafe(ref results, HalfLanes);
        var count = WordStart.Write(word, merges, ref own, ref results, Lanes, out var early, out var asked);
        if (count == 0)
        {
            return false;
        }

        for (var rest = early; rest != 0; rest &= rest - 1)
        {
            var place = BitOperations.TrailingZeroCount(rest);
            Unsafe.Add(ref own, place) = Unsafe.Add(ref results, place);
            Unsafe.Add(ref results, place) = RankedMerges.None;
            Unsafe.Add(ref results, place + 1) = RankedMerges.None;
        }

        var alive = uint.MaxValue >> (Lanes - count) & ~(early << 1);
        words[Count] = new Word { Alive = alive, Left = Look.ForNothing, Right = Look.ForNothing };
        var last = NoLane - BitOperations.LeadingZeroCount(alive);
        var looked = lookCount;
        for (var rest = (asked | early | early >> 1) & alive & ~(1u << last); rest != 0; rest &= rest - 1)
        {
            var place = BitOperations.TrailingZeroCount(rest);
            var next = BitOperations.TrailingZeroCount(alive & ~1u << place);
            Unsafe.Add(ref results, place) = RankedMerges.None;

            // Counts only where the two may merge.
            var key = merges.Begin(Unsafe.Add(ref own, place), Unsafe.Add(ref own, next), 1);
            looks[looked] = new Look(key, Count * Lanes + place);
            looked += key == RankedMerges.NoKey ? 0 : 1;
        }

        lookCount = looked;
        Work += count;
        waiting[Count] = Count;
        Count++;
        return true;
    }

    /// <summary>Merges all words.</summary>
    /// <param name="merges">The merges.</param>
    public void Merge(RankedMerges merges)
    {
        foreach (ref readonly var look in looks.AsSpan(0, lookCount))
        {
            ranks[look.Lane] = merges.Find(look.Key);
        }

        for (var left = Count; left > 0;)
        {
            Work += left;

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
        // Where no symbol starts in the second half, no pair does, and of one that stood there no rank is left that counts.
        var low = Vector512.LoadUnsafe(ref ranks);
        var high = word.Alive >> HalfLanes == 0 ? low : Vector512.LoadUnsafe(ref ranks, HalfLanes);
        var lowest = Lowest(Vector512.Min(low, high));
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
    private static int Lowest(Vector512<int> all)
    {
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
