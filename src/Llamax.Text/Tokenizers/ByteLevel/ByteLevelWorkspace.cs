using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>What encoding needs besides the vocabulary; used by one call at a time, again and again.</summary>
internal sealed class ByteLevelWorkspace
{
    private const int MostCached = 1 << 20;
    private const int MostShortCached = 4 << 20;
    private const int LargestKept = 1 << 18;

    private int[] symbols = new int[64];

    /// <summary>The ids of short words met before.</summary>
    public ShortWordCache ShortWords { get; } = new(MostShortCached);

    /// <summary>The ids of other words met before.</summary>
    public WordCache Words { get; } = new(MostCached);

    /// <summary>For words that are merged side by side.</summary>
    public WordBatch Batch { get; } = new();

    /// <summary>For the merge engine.</summary>
    public MergeWorkspace Merges { get; } = new();

    /// <summary>The words of a text.</summary>
    public SplitPieces Pieces { get; } = new();

    /// <summary>A text with its invalid bytes replaced.</summary>
    public ByteBuffer Repaired { get; } = new();

    /// <summary>Whether the memory is small enough to be kept: one giant text must not hold it for ever.</summary>
    public bool IsSmall =>
        symbols.Length <= LargestKept && Pieces.Capacity <= LargestKept && Repaired.Length <= LargestKept && Merges.IsSmall;

    /// <summary>Room for that many symbols.</summary>
    public Span<int> Symbols(int count)
    {
        if (symbols.Length < count)
        {
            symbols = new int[Math.Max(count, (int)Math.Min(2L * symbols.Length, Array.MaxLength))];
        }

        return symbols.AsSpan(0, count);
    }
}
