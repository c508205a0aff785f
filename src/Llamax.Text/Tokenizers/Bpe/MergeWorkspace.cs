namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>What merging one sequence needs; used by one thread at a time, again and again.</summary>
internal sealed class MergeWorkspace
{
    /// <summary>Places of the neighbours of each symbol that is left.</summary>
    public int[] Previous { get; private set; } = [];

    /// <inheritdoc cref="Previous"/>
    public int[] Next { get; private set; } = [];

    /// <summary>The merges that may come.</summary>
    public PriorityQueue<(int Left, int LeftSymbol, int RightSymbol, int Result), (int Rank, int Left)> Candidates { get; } = new();

    /// <summary>Makes room for that many symbols.</summary>
    public void Reserve(int count)
    {
        if (Previous.Length < count)
        {
            (Previous, Next) = (new int[2 * count], new int[2 * count]);
        }
    }
}
