namespace Llamax.Evaluation.Matrix;

/// <summary>A sentence to be translated.</summary>
/// <param name="Source">Language code of the sentence.</param>
/// <param name="Target">Language code to translate into.</param>
/// <param name="Text">The sentence.</param>
public sealed record TranslationTask(string Source, string Target, string Text);
