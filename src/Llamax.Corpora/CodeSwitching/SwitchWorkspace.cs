using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>What one sentence after the other is changed with; one thread at a time.</summary>
internal sealed class SwitchWorkspace(WordDraw draw, RandomStream stream)
{
    private byte[] lower = new byte[1 << 10];
    private long[] records = new long[1 << 8];

    /// <summary>Draws translations.</summary>
    public WordDraw Draw => draw;

    /// <summary>Restarted for each sentence.</summary>
    public RandomStream Stream => stream;

    /// <summary>The sentence's parts, by bytes.</summary>
    public List<(int Start, int Length, bool IsWord)> Segments { get; } = [];

    /// <summary>What comes in, by the number of the part that it replaces.</summary>
    public List<(int Part, LexiconEntry Translation)> Replacements { get; } = [];

    /// <summary>The changed sentence.</summary>
    public ByteList Result { get; } = new();

    /// <summary>The plan of the sentence before.</summary>
    public SwitchPlan? Plan { get; set; }

    /// <summary>Room for a text in lower case.</summary>
    public byte[] Lower(int length)
    {
        if (lower.Length < length)
        {
            lower = new byte[Math.Max(length, (int)Math.Min(2L * lower.Length, Array.MaxLength))];
        }

        return lower;
    }

    /// <summary>Room for where the words of the segments stand in the lexicon.</summary>
    public Span<long> Records()
    {
        if (records.Length < Segments.Count)
        {
            records = new long[Math.Max(Segments.Count, 2 * records.Length)];
        }

        return records.AsSpan(0, Segments.Count);
    }
}
