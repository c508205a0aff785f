namespace Llamax.Corpora.Loading;

/// <summary>Where an entry is in its row.</summary>
/// <param name="Start">Its first id.</param>
/// <param name="LossFrom">Its first target; <paramref name="End"/> where a cut left it none.</param>
/// <param name="End">Behind its last id.</param>
public readonly record struct TokenSegment(int Start, int LossFrom, int End);
