namespace Llamax.Translation.Translating;

/// <summary>One translation of a text.</summary>
/// <param name="Text">One line, without special tokens, trimmed.</param>
/// <param name="Score">Sum of log-probabilities / (tokens ^ length penalty); 0 for a text that was passed through.</param>
/// <param name="Tokens">Tokens generated, the end token included.</param>
/// <param name="Complete">False where it was cut at the greatest length.</param>
public sealed record TranslationHypothesis(string Text, double Score, int Tokens, bool Complete);
