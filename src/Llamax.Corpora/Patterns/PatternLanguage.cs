namespace Llamax.Corpora.Patterns;

/// <summary>A language of a pattern world.</summary>
/// <param name="Code">Its code, which opens every line of text in that language.</param>
/// <param name="PromptName">The name by which instructions call it.</param>
/// <param name="Spaced">Whether words are separated by spaces; then a word of the dictionary is what stands between them.</param>
public sealed record PatternLanguage(string Code, string PromptName, bool Spaced);
