using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.Models;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace;

/// <summary>What encoding one text needs; used by one call at a time, again and again.</summary>
/// <param name="steps">Number of pre-tokenizer steps.</param>
internal sealed class EncodingWorkspace(int steps)
{
    private const int MostCached = 4 << 20;
    private const int LargestKept = 1 << 18;

    private int[] symbols = new int[64];
    private ViterbiStep[] nodes = [];
    private char[] characters = [];

    /// <summary>The text with its invalid bytes replaced.</summary>
    public ByteBuffer Repaired { get; } = new();

    /// <summary>The text that is being normalised, and what becomes of it.</summary>
    public ByteBuffer Text { get; private set; } = new();

    /// <inheritdoc cref="Text"/>
    public ByteBuffer Spare { get; private set; } = new();

    /// <summary>Whether normalising took away the first character of the text.</summary>
    public bool StartRemoved { get; set; }

    /// <summary>By step of the pre-tokenizer: what it makes of its piece.</summary>
    public StepScratch[] Steps { get; } = [.. Enumerable.Range(0, steps).Select(_ => new StepScratch())];

    /// <summary>One word in another form.</summary>
    public ByteBuffer Word { get; } = new();

    /// <summary>The ids of words met before.</summary>
    public WordCache Words { get; } = new(MostCached);

    /// <summary>For the merge engine.</summary>
    public MergeWorkspace Merges { get; } = new();

    /// <summary>Matches of a normaliser's pattern.</summary>
    public SplitPieces Matches { get; } = new();

    /// <summary>Characters that are being decomposed.</summary>
    public List<int> Points { get; } = [];

    /// <summary>Whether it is small enough to be kept for the next text.</summary>
    public bool IsSmall => Math.Max(Math.Max(Repaired.Length, Text.Length), Spare.Length) <= LargestKept && Matches.Count <= LargestKept
        && Math.Max(symbols.Length, nodes.Length) <= LargestKept && characters.Length <= LargestKept && Points.Count <= LargestKept
        && Array.TrueForAll(Steps, step => step.Text.Length <= LargestKept && step.Pieces.Count <= LargestKept);

    /// <summary>Makes what was written to <see cref="Spare"/> the text.</summary>
    public void Commit() => (Text, Spare) = (Spare, Text);

    /// <summary>Room for that many symbols.</summary>
    public Span<int> Symbols(int count) => Room(ref symbols, count);

    /// <summary>Room for that many nodes, all unreached.</summary>
    public Span<ViterbiStep> Nodes(int count)
    {
        var room = Room(ref nodes, count);
        room.Fill(ViterbiStep.Unreached);
        return room;
    }

    /// <summary>Room for that many UTF-16 code units.</summary>
    public Span<char> Characters(int count) => Room(ref characters, count);

    private static Span<T> Room<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            array = new T[Math.Max(count, (int)Math.Min(2L * array.Length, Array.MaxLength))];
        }

        return array.AsSpan(0, count);
    }
}

/// <summary>What one step of the pre-tokenizer makes of its piece.</summary>
internal sealed class StepScratch
{
    /// <summary>The piece rewritten.</summary>
    public ByteBuffer Text { get; } = new();

    /// <summary>The piece cut.</summary>
    public SplitPieces Pieces { get; } = new();
}
