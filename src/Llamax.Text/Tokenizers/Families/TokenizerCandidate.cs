namespace Llamax.Text.Tokenizers.Families;

/// <summary>One way to make a tokenizer of a folder's files.</summary>
/// <param name="Files">The files, the one that tells it from others first.</param>
/// <param name="Load">Makes it.</param>
/// <param name="Note">What the user should know where it is taken.</param>
internal sealed record TokenizerCandidate(IReadOnlyList<string> Files, Func<Tokenizer> Load, string? Note = null)
{
    /// <summary>The files' names.</summary>
    public string Names => string.Join(" and ", Files.Select(Path.GetFileName));
}
