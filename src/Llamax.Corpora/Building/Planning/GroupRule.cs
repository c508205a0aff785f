namespace Llamax.Corpora.Building.Planning;

/// <summary>What Algorithm 1 does with the texts of a language or the pairs of two.</summary>
/// <param name="Replicas">How many times each enters; 0 for only its code-switched form.</param>
/// <param name="IsSwitched">Whether it enters code-switched as well.</param>
internal sealed record GroupRule(int Replicas, bool IsSwitched);
