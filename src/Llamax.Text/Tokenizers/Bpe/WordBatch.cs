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

    // The pairs looked up last, by hash, and what they give: three of four are there. More would leave the processor's own cache.
    private const int MemoBits = 14;
    private const int NoPlace = 1 << MemoBits;

    private readonly int[] symbols = new int[Room * Lanes];
    private readonly int[] ranks = new int[Room * Lanes]; // Of each symbol and the one behind it: what they give, which says the rank.
    private readonly Word[] words = new Word[Room];
    private readonly int[] waiting = new int[Room];
    private readonly ulong[] memo = new ulong[NoPlace + 1];

    /// <summary>Prepares an empty batch.</summary>
    public WordBatch() => memo[NoPlace] = RankedMerges.NoKey << RankedMerges.ResultBits | RankedMerges.None;

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

    /// <summary>Takes what the last merge has made two pairs of, and merges the pair of the lowest rank, the leftmost of equals.</summary>
    /// <returns>False where none merges any more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryStep(ref Word word, ref int symbols, ref int ranks, RankedMerges merges)
    {
        Unsafe.Add(ref ranks, word.Right.Lane) = Find(word.Right, merges);
        Unsafe.Add(ref ranks, word.Left.Lane) = Find(word.Left, merges);
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
        word.Right = Begin(behind != 0, RankedMerges.Key(lowest, Unsafe.Add(ref symbols, next)), place, merges);
        word.Left = Begin(before != 0, RankedMerges.Key(Unsafe.Add(ref symbols, last), lowest), before != 0 ? last : NoLane, merges);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Look Begin(bool isThere, ulong key, int lane, RankedMerges merges)
    {
        var hash = RankedMerges.Hash(key);
        var look = new Look(isThere ? key : RankedMerges.NoKey, isThere ? (int)(hash >> (64 - MemoBits)) : NoPlace, lane);
        if (Memo(look) >> RankedMerges.ResultBits != look.Key)
        {
            merges.Fetch(hash);
        }

        return look;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(Look look, RankedMerges merges)
    {
        var found = Memo(look);
        return found >> RankedMerges.ResultBits == look.Key ? (int)found & RankedMerges.None : FindNew(look, merges);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindNew(Look look, RankedMerges merges)
    {
        var result = merges.Find(look.Key);
        Memo(look) = look.Key << RankedMerges.ResultBits | (uint)result;
        return result;
    }

    private ref ulong Memo(Look look) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memo), look.Place);

    /// <summary>A pair that is looked up: its key, its place in the memo, and whose rank it is.</summary>
    private readonly record struct Look(ulong Key, int Place, int Lane)
    {
        public static Look ForNothing => new(RankedMerges.NoKey, NoPlace, NoLane);
    }

    private struct Word
    {
        public uint Alive; // A bit for each place where a symbol starts.
        public Look Left;
        public Look Right;
    }
}
