namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>What merging one sequence needs; used by one thread at a time, again and again.</summary>
internal sealed class MergeWorkspace
{
    private const int LargestKept = 1 << 16;

    /// <summary>By place: the rank of the merge with the symbol behind, <see cref="int.MaxValue"/> where there is none.</summary>
    public int[] Ranks { get; private set; } = [];

    /// <summary>By place: what that merge results in.</summary>
    public int[] Results { get; private set; } = [];

    /// <summary>By place: where the symbol behind stands.</summary>
    public int[] Next { get; private set; } = [];

    /// <summary>By place: where the symbol before stands.</summary>
    public int[] Previous { get; private set; } = [];

    /// <summary>Places by rank and place, for windows too large to be searched; some are out of date.</summary>
    public PriorityQueue<int, ulong> Candidates { get; } = new();

    /// <summary>The symbols of a window.</summary>
    public int[] Window { get; private set; } = [];

    /// <summary>What they became.</summary>
    public List<PlacedSymbol> Tokens { get; } = [];

    /// <summary>The last tokens of the window before, which the next one must bear out.</summary>
    public List<PlacedSymbol> Held { get; } = [];

    /// <summary>Receives what a long sequence becomes.</summary>
    public TokenBuffer Output { get; } = new();

    /// <summary>What the time hangs on: the symbols that windows were filled with, and the candidates taken from the queue.</summary>
    public long Work { get; set; }

    /// <summary>Whether it is small enough to be kept for the next text.</summary>
    public bool IsSmall => Ranks.Length <= LargestKept && Output.Count <= LargestKept;

    /// <summary>Makes room for that many symbols, and for reading a little past them.</summary>
    public void Reserve(int count)
    {
        if (Ranks.Length < count + 16)
        {
            var size = 2 * count + 16;
            (Ranks, Results, Next, Previous) = (new int[size], new int[size], new int[size], new int[size]);
        }
    }

    /// <summary>A window of that many symbols.</summary>
    public Span<int> TakeWindow(int count)
    {
        if (Window.Length < count)
        {
            Window = new int[count];
        }

        return Window.AsSpan(0, count);
    }
}

/// <summary>A symbol and the places in its window, from <paramref name="Start"/> to <paramref name="End"/>, that it stands for.</summary>
internal readonly record struct PlacedSymbol(int Symbol, int Start, int End);
