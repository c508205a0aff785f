namespace Llamax.Corpora.Readers;

/// <summary>Two sentences that mean the same.</summary>
/// <param name="SourceLanguage">Code of the first language.</param>
/// <param name="TargetLanguage">Code of the second language.</param>
/// <param name="Source">The sentence in the first language.</param>
/// <param name="Target">The sentence in the second language.</param>
public sealed record SentencePair(string SourceLanguage, string TargetLanguage, string Source, string Target);
