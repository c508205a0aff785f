namespace Llamax.Text.Sentences;

/// <summary>A sentence of a longer text, and the white space behind it.</summary>
/// <param name="Text">The sentence, without white space around it; empty where the text begins with white space.</param>
/// <param name="Gap">What stands between it and the next sentence, or the end.</param>
public sealed record Sentence(string Text, string Gap);
