using System.ComponentModel.DataAnnotations;

namespace Llamax.Translation.Generation;

/// <summary>
/// How tokens are drawn where the likeliest text is not searched for: temperature, top-k and top-p, one after the other.
/// What <see cref="GenerationOptions"/> asks of repetitions applies before.
/// </summary>
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

    /// <summary>The same seed gives the same text for the same prompt, whatever prompts run beside it.</summary>
    public long Seed { get; init; } = 42;
}
