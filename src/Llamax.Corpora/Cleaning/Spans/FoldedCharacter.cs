namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>A character as it is compared. Separators are the default.</summary>
internal readonly record struct FoldedCharacter
{
    private const int ValueBits = 28;
    private readonly uint packed;

    /// <param name="kind">What it is.</param>
    /// <param name="value">What it is compared by, below 2^28.</param>
    public FoldedCharacter(CharacterKind kind, uint value) =>
        packed = ((uint)kind << ValueBits) | (value < 1U << ValueBits ? value : throw new ArgumentOutOfRangeException(nameof(value)));

    public CharacterKind Kind => (CharacterKind)(packed >> ValueBits);

    /// <summary>The same for characters that are held to be the same.</summary>
    public uint Value => packed & ((1U << ValueBits) - 1);
}
