namespace Llamax.Corpora.Cleaning;

/// <summary>How many texts or pairs a step changed or left out.</summary>
/// <param name="Step">The step, see <see cref="CleaningStep"/>.</param>
/// <param name="Languages">The texts' language, or the pairs' two, in alphabetical order with a hyphen between.</param>
/// <param name="Count">How many; <see cref="CleaningStep.Unicode"/> changes, all other steps leave out.</param>
/// <param name="Benchmark">Whose test set it was, of <see cref="CleaningStep.Contaminated"/>; null otherwise.</param>
public sealed record CleaningCount(string Step, string Languages, long Count, string? Benchmark = null);
