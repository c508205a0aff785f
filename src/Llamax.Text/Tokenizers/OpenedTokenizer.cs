namespace Llamax.Text.Tokenizers;

/// <summary>A tokenizer, and where it came from.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Files">The files that it was made of.</param>
/// <param name="Notes">What the user should know: other files of the folder that say something else, and which was taken.</param>
public sealed record OpenedTokenizer(Tokenizer Tokenizer, IReadOnlyList<string> Files, IReadOnlyList<string> Notes);
