namespace Llamax.Corpora.Building.Pseudo;

/// <summary>Translates sentences: the model g of Algorithm 1.</summary>
/// <param name="sentences">The sentences, a batch of them.</param>
/// <param name="source">Code of their language.</param>
/// <param name="target">Code of the language to translate into.</param>
/// <param name="cancellationToken">Ends the work.</param>
/// <returns>A translation for each, in their order; empty where there is none.</returns>
public delegate IReadOnlyList<string> SentenceTranslation(
    IReadOnlyList<string> sentences, string source, string target, CancellationToken cancellationToken);
