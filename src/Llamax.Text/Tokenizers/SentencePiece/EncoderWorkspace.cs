using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>A part of the normalised text and the piece that stands for it; the id is the unknown one where none does.</summary>
internal readonly record struct Segment(int Start, int Length, int Id);

/// <summary>What encoding one text needs; used by one thread at a time, again and again.</summary>
internal sealed class EncoderWorkspace
{
    private const int LargestCache = 1 << 20; // In bytes: more would leave the processor's own cache.

    public ByteBuffer Normalized { get; } = new();

    public List<Segment> Segments { get; } = [];

    public PlainBpeSymbols Symbols { get; } = new();

    public PlainMergeHeap Merges { get; } = new();

    public MergeWorkspace Merging { get; } = new();

    public WordCache Words { get; private init; } = new(LargestCache);

    public BestPaths Paths { get; } = new();

    /// <summary>What is remembered of one word.</summary>
    public TokenBuffer Found { get; } = new();

    /// <summary>Whether it is small enough to be kept for the next text.</summary>
    public bool IsSmall => Normalized.Length < 1 << 18 && Merging.IsSmall && Paths.IsSmall;

    /// <summary>A small one that remembers the same words.</summary>
    public EncoderWorkspace Small()
    {
        Normalized.Release();
        return new EncoderWorkspace { Words = Words };
    }

    public void Clear()
    {
        Normalized.Truncate(0);
        Segments.Clear();
    }
}
