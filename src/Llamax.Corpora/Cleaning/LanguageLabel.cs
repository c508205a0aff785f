namespace Llamax.Corpora.Cleaning;

/// <summary>Says which language a text is in. Called from several threads.</summary>
/// <param name="utf8">The text.</param>
/// <returns>The language's code, or null where it is not known.</returns>
public delegate string? LanguageLabel(ReadOnlySpan<byte> utf8);
