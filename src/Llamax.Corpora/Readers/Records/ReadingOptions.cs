namespace Llamax.Corpora.Readers.Records;

/// <summary>How files are read.</summary>
public sealed record ReadingOptions
{
    /// <summary>What becomes of a line that is not UTF-8.</summary>
    public InvalidUtf8 InvalidUtf8 { get; init; } = InvalidUtf8.Fail;
}
