namespace Llamax.Corpora.Building.Selection;

/// <summary>Numbers of a language's texts or of a pair's sentence pairs.</summary>
/// <param name="Distinct">Different ones: what the thresholds of Algorithm 1 ask for.</param>
/// <param name="Duplicates">Those that equal an earlier one.</param>
/// <param name="Near">Those that are nearly the same as an earlier one.</param>
/// <param name="Kept">Those that enter.</param>
internal readonly record struct GroupCount(long Distinct, long Duplicates, long Near, long Kept);
