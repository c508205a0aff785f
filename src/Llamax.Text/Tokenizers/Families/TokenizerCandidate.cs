namespace Llamax.Text.Tokenizers.Families;

/// <summary>One way to make a tokenizer of a folder's files.</summary>
/// <param name="Files">The files, the one that tells it from others first.</param>
/// <param name="Load">Makes it.</param>
/// <param name="Note">What the user should know where it is taken.</param>
internal sealed record TokenizerCandidate(IReadOnlyList<string> Files, Func<Tokenizer> Load, string? Note = null)
{
    /// <summary>Whether only its pieces are to be compared with another's: its ids are right for some families alone.</summary>
    public bool HasOwnIds { get; init; }

    /// <summary>Whether ids without a token may stand at its end, to fill up the model's rows.</summary>
    public bool IsPadded { get; init; }

    /// <summary>The files' names.</summary>
    public string Names => string.Join(" and ", Files.Select(Path.GetFileName));
}
