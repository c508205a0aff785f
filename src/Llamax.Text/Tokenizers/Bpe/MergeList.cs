using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// The symbols of one window on their way: a linked list in arrays by place. Places come from the list alone and are
/// within its arrays, which <see cref="MergeWorkspace.Reserve"/> has made large enough; hence no further checks.
/// </summary>
internal readonly ref struct MergeList
{
    private readonly MergeTable table;
    private readonly int count;
    private readonly ref int symbols;
    private readonly ref int ranks;
    private readonly ref int results;
    private readonly ref int next;
    private readonly ref int previous;

    /// <summary>Begins with all symbols in a row.</summary>
    /// <param name="symbols">The symbols; changed by merging.</param>
    /// <param name="workspace">With room for them; its other arrays are filled here.</param>
    /// <param name="table">The merges.</param>
    public MergeList(Span<int> symbols, MergeWorkspace workspace, MergeTable table)
    {
        (this.table, count) = (table, symbols.Length);
        this.symbols = ref MemoryMarshal.GetReference(symbols);
        ranks = ref MemoryMarshal.GetArrayDataReference(workspace.Ranks);
        results = ref MemoryMarshal.GetArrayDataReference(workspace.Results);
        next = ref MemoryMarshal.GetArrayDataReference(workspace.Next);
        previous = ref MemoryMarshal.GetArrayDataReference(workspace.Previous);
        for (var i = 0; i < count; i++)
        {
            At(ref previous, i) = i - 1;
            At(ref next, i) = i + 1;
            if (i + 1 < count)
            {
                Look(i, i + 1);
            }
        }

        // The last symbol has none behind it; then the rest of what Lowest reads at once.
        Vector256.Create(int.MaxValue).StoreUnsafe(ref ranks, (nuint)Math.Max(0, count - 1));
    }

    /// <summary>The first place of the lowest rank, or -1 where none is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Lowest()
    {
        var lowest = Vector256.LoadUnsafe(ref ranks);
        for (var i = Vector256<int>.Count; i < count; i += Vector256<int>.Count)
        {
            lowest = Vector256.Min(lowest, Vector256.LoadUnsafe(ref ranks, (nuint)i));
        }

        var half = Vector128.Min(lowest.GetLower(), lowest.GetUpper());
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        half = Vector128.Min(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2)));
        var rank = half.ToScalar();
        if (rank == int.MaxValue)
        {
            return -1;
        }

        var wanted = Vector256.Create(rank);
        for (var i = 0; ; i += Vector256<int>.Count)
        {
            var found = Vector256.Equals(Vector256.LoadUnsafe(ref ranks, (nuint)i), wanted).ExtractMostSignificantBits();
            if (found != 0)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
        }
    }

    /// <summary>Merges the symbol at a place with the one behind it.</summary>
    /// <returns>Where the symbol before stands, or -1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Unite(int place)
    {
        var gone = At(ref next, place);
        var behind = At(ref next, gone);
        At(ref symbols, place) = At(ref results, place);
        At(ref ranks, gone) = int.MaxValue;
        At(ref next, place) = behind;
        if (behind < count)
        {
            At(ref previous, behind) = place;
            Look(place, behind);
        }
        else
        {
            At(ref ranks, place) = int.MaxValue;
        }

        var before = At(ref previous, place);
        if (before >= 0)
        {
            Look(before, place);
        }

        return before;
    }

    private void Look(int left, int right) =>
        table.Find(At(ref symbols, left), At(ref symbols, right), out At(ref ranks, left), out At(ref results, left));

    private static ref int At(ref int first, int place) => ref Unsafe.Add(ref first, place);
}
