namespace Llamax.Corpora.Readers;

/// <summary>One monolingual text.</summary>
/// <param name="Language">Its language's code.</param>
/// <param name="Text">The text; not empty.</param>
public sealed record Document(string Language, string Text);
