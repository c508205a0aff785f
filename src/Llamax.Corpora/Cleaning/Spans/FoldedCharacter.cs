namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>A character as it is compared. Separators are the default.</summary>
internal readonly record struct FoldedCharacter
{
    private const int ValueBits = 28;
    private readonly uint packed;

    public FoldedCharacter(CharacterKind kind, ulong value) =>
        packed = ((uint)kind << ValueBits) | ((uint)(value ^ (value >> ValueBits)) & ((1U << ValueBits) - 1));

    public CharacterKind Kind => (CharacterKind)(packed >> ValueBits);

    /// <summary>The same for characters that are held to be the same.</summary>
    public uint Value => packed & ((1U << ValueBits) - 1);
}
