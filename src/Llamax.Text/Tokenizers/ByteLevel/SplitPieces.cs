namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// What a pattern makes of a text: pieces that follow each other without gaps, each of them a match of the pattern or
/// what lies between two matches. Kept and used again from call to call.
/// </summary>
internal sealed class SplitPieces
{
    private int[] ends = new int[64]; // The complement of the end where the piece is no match.
    private SplitPieces? spare;

    /// <summary>How many pieces there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many there is room for without taking memory.</summary>
    public int Capacity => ends.Length + (spare?.Capacity ?? 0);

    /// <summary>Another list, for whoever needs one on the way; kept with this one.</summary>
    public SplitPieces Spare => spare ??= new();

    /// <summary>Where a piece ends, in bytes; it starts where the one before ends, the first one at 0.</summary>
    public int End(int index) => ends[index] < 0 ? ~ends[index] : ends[index];

    /// <summary>Whether the pattern matches the piece.</summary>
    public bool IsMatch(int index) => ends[index] >= 0;

    /// <summary>Forgets all pieces.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a piece that ends at <paramref name="end"/>.</summary>
    public void Add(int end, bool isMatch = true)
    {
        if (Count == ends.Length)
        {
            Array.Resize(ref ends, 2 * Count);
        }

        ends[Count++] = isMatch ? end : ~end;
    }

    /// <summary>Takes over the pieces of another list.</summary>
    public void CopyFrom(SplitPieces other)
    {
        if (ends.Length < other.Count)
        {
            ends = new int[other.ends.Length];
        }

        Count = other.Count;
        other.ends.AsSpan(0, Count).CopyTo(ends);
    }
}
