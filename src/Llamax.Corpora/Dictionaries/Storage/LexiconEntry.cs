namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A translation in eight bytes.</summary>
/// <param name="Bits">From the lowest: 40 bits of its record's place, 8 of its spelling, 16 of the dictionary.</param>
internal readonly record struct LexiconEntry(ulong Bits)
{
    /// <summary>Places end here: 1 TiB.</summary>
    public const long EndOfPlaces = 1L << 40;

    public LexiconEntry(long record, int spelling, int source)
        : this((ulong)record | ((ulong)(byte)spelling << 40) | ((ulong)(ushort)source << 48))
    {
    }

    /// <summary>The translation that <see cref="Word"/> is of, without its dictionary.</summary>
    public static LexiconEntry OfWord(ulong word) => new((long)(word >> 8), (byte)word, 0);

    /// <summary>Where the translation's record stands.</summary>
    public long Record => (long)(Bits & (EndOfPlaces - 1));

    /// <summary>How it is written, see <see cref="LexiconRecord.Spelling"/>.</summary>
    public int Spelling => (byte)(Bits >> 40);

    /// <summary>Number of the dictionary that has it; of several, the first.</summary>
    public int Source => (int)(Bits >> 48);

    /// <summary>What tells words apart, whichever dictionary they come from; ascends with lower case and spelling.</summary>
    public ulong Word => ((ulong)Record << 8) | (byte)Spelling;
}
