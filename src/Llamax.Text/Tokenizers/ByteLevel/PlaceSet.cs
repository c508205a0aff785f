namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>A set of numbers from 0 to 127.</summary>
internal struct PlaceSet
{
    private ulong low;
    private ulong high;

    /// <summary>Whether a number is in the set.</summary>
    public readonly bool Has(int place) => ((place < 64 ? low : high) >> place & 1) != 0;

    /// <summary>Puts a number into the set.</summary>
    public void Add(int place) => Half(place) |= 1UL << place;

    /// <summary>Takes a number out of the set.</summary>
    public void Remove(int place) => Half(place) &= ~(1UL << place);

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref ulong Half(int place) => ref place < 64 ? ref low : ref high;
}
