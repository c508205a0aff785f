using System.ComponentModel.DataAnnotations;

namespace Llamax.Translation.Generation;

/// <summary>How tokens are drawn. What is asked of repetitions applies first, then temperature, top-k and top-p, one after the other.</summary>
public sealed record SamplingOptions
{
    /// <summary>What the logits are divided by: below 1 likely tokens become likelier still. 0 always takes the likeliest.</summary>
    [Range(0.0, 100.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>Only this many of the likeliest tokens can be drawn; 0 is no limit.</summary>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; }

    /// <summary>
    /// Only the likeliest tokens that together first reach this probability can be drawn (nucleus sampling, Holtzman et
    /// al., 2020); 1 is no limit.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Above 1, what is in the prompt or the text already becomes less likely: its logit is multiplied by this where it is
    /// negative, else divided (Keskar et al., 2019). Below 1 it becomes likelier; 1 changes nothing.
    /// </summary>
    [Range(0.01, 100.0)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>No sequence of so many tokens comes twice in prompt and text; 0 allows all.</summary>
    [Range(0, 1 << 20)]
    public int NoRepeatNgram { get; init; }

    /// <summary>The same seed gives the same text.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Most tokens that are generated, the end token included.</summary>
    [Range(1, 1 << 20)]
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Checks the ranges above.</summary>
    /// <exception cref="LlamaxException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        if (!Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true))
        {
            throw new LlamaxException($"Sampling options: {string.Join(" ", errors.Select(error => error.ErrorMessage))}");
        }
    }
}
