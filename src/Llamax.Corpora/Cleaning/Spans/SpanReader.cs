namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>
/// The spans of a text: for each unit the shortest run of units that ends with it and is worth so many words. A rolling
/// polynomial over the units' hashes, so each costs the same however long it is.
/// </summary>
internal ref struct SpanReader
{
    /// <summary>Units that a reader remembers; the longest span is worth a quarter of as many words.</summary>
    public const int Memory = 256;

    private const int Mask = Memory - 1;
    private const ulong Base = 0x9E3779B97F4A7C15;
    private static readonly ulong[] Powers = PowersOfBase();

    private readonly Span<ulong> hashes; // Of everything up to a unit.
    private readonly Span<int> worths;
    private readonly int wanted;
    private ulong hash;
    private int worth;
    private int count;
    private int start; // The first unit of the span.

    /// <param name="words">Words that a span is worth, at most 50.</param>
    /// <param name="hashes">Scratch memory, <see cref="Memory"/> of them.</param>
    /// <param name="worths">The same.</param>
    public SpanReader(int words, Span<ulong> hashes, Span<int> worths)
    {
        this.hashes = hashes[..Memory];
        this.worths = worths[..Memory];
        wanted = words * UnitReader.Word;
        hashes[0] = 0;
        worths[0] = 0;
    }

    /// <summary>Adds the next unit.</summary>
    /// <param name="unit">Its hash.</param>
    /// <param name="value">What it is worth.</param>
    /// <param name="span">The hash of the span that ends with it.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryAdd(ulong unit, int value, out ulong span)
    {
        hash = (hash * Base) + unit;
        worth += value; // Wraps around in texts of many millions of words, and so do the differences.
        count++;
        hashes[count & Mask] = hash;
        worths[count & Mask] = worth;
        while (worth - worths[(start + 1) & Mask] >= wanted)
        {
            start++;
        }

        span = hash - (hashes[start & Mask] * Powers[(count - start) & Mask]);
        span ^= span >> 29;
        span *= 0xBF58476D1CE4E5B9;
        span ^= span >> 32;
        return worth - worths[start & Mask] >= wanted;
    }

    private static ulong[] PowersOfBase()
    {
        var powers = new ulong[Memory];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * Base;
        }

        return powers;
    }
}
