using Llamax.Text.Tokenizers;

namespace Llamax.Translation.Generation;

/// <summary>One generated continuation.</summary>
/// <param name="Ids">The new tokens, without the prompt and without the end token.</param>
/// <param name="Score">Sum of log-probabilities / (tokens with the end token ^ length penalty); of a single beam the mean.</param>
/// <param name="EndId">The end token that closed it, or null where it was cut: at the greatest length, or where <see cref="BeamSearch.Stop"/> said so.</param>
public sealed record Hypothesis(IReadOnlyList<int> Ids, double Score, int? EndId)
{
    /// <summary>The text. A model may write rows of its embedding that its tokenizer has no piece for: they are left out.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public string Decode(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.Decode([.. Ids.Where(id => id < tokenizer.VocabularySize)]);
    }

    /// <summary>The text as one line, trimmed.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public string DecodeLine(Tokenizer tokenizer) => Decode(tokenizer).ReplaceLineEndings(" ").Trim();
}
