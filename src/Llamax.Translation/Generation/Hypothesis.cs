namespace Llamax.Translation.Generation;

/// <summary>One generated continuation.</summary>
/// <param name="Ids">The new tokens, without the prompt and without the end token.</param>
/// <param name="Score">Sum of log-probabilities / (tokens with the end token ^ length penalty).</param>
/// <param name="EndId">The end token that closed it, or null where it was cut at the greatest length.</param>
public sealed record Hypothesis(IReadOnlyList<int> Ids, double Score, int? EndId);
