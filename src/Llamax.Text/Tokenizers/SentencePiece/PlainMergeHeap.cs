namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Two neighbouring symbols that form a piece; <paramref name="Size"/> is its length in bytes.</summary>
internal readonly record struct PlainMerge(float Score, int Left, int Right, int Size)
{
    /// <summary>Higher scores first, the leftmost first among equals.</summary>
    public bool Before(in PlainMerge other) => Score > other.Score || (Score == other.Score && Left < other.Left);
}

/// <summary>A binary heap of merges.</summary>
internal sealed class PlainMergeHeap
{
    private PlainMerge[] items = new PlainMerge[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Push(in PlainMerge merge)
    {
        if (Count == items.Length)
        {
            Array.Resize(ref items, 2 * Count);
        }

        var at = Count++;
        for (; at > 0 && merge.Before(items[(at - 1) / 2]); at = (at - 1) / 2)
        {
            items[at] = items[(at - 1) / 2];
        }

        items[at] = merge;
    }

    public PlainMerge Pop()
    {
        var top = items[0];
        var last = items[--Count];
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= Count)
            {
                break;
            }

            child += child + 1 < Count && items[child + 1].Before(items[child]) ? 1 : 0;
            if (!items[child].Before(last))
            {
                break;
            }

            items[at] = items[child];
            at = child;
        }

        items[at] = last;
        return top;
    }
}
