namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>A stretch of text on its way to becoming a piece. Length 0: it was merged into the one before.</summary>
internal struct PlainBpeSymbol
{
    public int Start;
    public int Length;
    public int Previous;
    public int Next;
    public bool Frozen;
}

/// <summary>The symbols of a text as a linked list that lies in one array.</summary>
internal sealed class PlainBpeSymbols
{
    private PlainBpeSymbol[] items = new PlainBpeSymbol[64];

    public int Count { get; private set; }

    public ref PlainBpeSymbol this[int index] => ref items[index];

    public void Clear() => Count = 0;

    /// <summary>Adds a symbol behind the last one.</summary>
    public void Add(int start, int length, bool frozen)
    {
        if (Count == items.Length)
        {
            Array.Resize(ref items, 2 * Count);
        }

        items[Count] = new PlainBpeSymbol { Start = start, Length = length, Previous = Count - 1, Next = -1, Frozen = frozen };
        if (Count > 0)
        {
            items[Count - 1].Next = Count;
        }

        Count++;
    }
}
