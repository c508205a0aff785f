using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Llamax.Translation.Generation;

/// <summary>How output is searched for. The defaults are the paper's: beam 4, no sampling, at most 256 new tokens.</summary>
public sealed record GenerationOptions : IValidatableObject
{
    private const double DefaultLengthPenalty = 1;

    /// <summary>Hypotheses followed side by side; 1 is greedy search.</summary>
    [Range(1, 64)]
    public int Beams { get; init; } = 4;

    /// <summary>Most tokens that are generated per text, the end token included.</summary>
    [Range(1, 1 << 20)]
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>
    /// A hypothesis is ranked by the sum of its log-probabilities / (its tokens ^ this): above 0 favours long output,
    /// below 0 short output. It decides between beams and needs several; the score of a single one is the mean, as with 1.
    /// </summary>
    [Range(-10.0, 10.0)]
    public double LengthPenalty { get; init; } = DefaultLengthPenalty;

    /// <summary>When the search for a better hypothesis ends. It decides between beams and needs several.</summary>
    public EarlyStopping EarlyStopping { get; init; } = EarlyStopping.False;

    /// <summary>
    /// Texts run side by side while the tokens of their prompts together stay within this (on a GPU, where each takes the room
    /// of the longest, their number times its tokens); one that is longer runs alone. Where the memory does not suffice the
    /// search goes on with half of it. It changes speed and no text in float32; scores may differ in their last digits, unless
    /// products are this project's own (<see cref="Llamax.Models.Layers.Projection.Avx512LeftOut"/>).
    /// </summary>
    [Range(1, 1 << 24)]
    public int BatchTokens { get; init; } = 4096;

    /// <summary>
    /// Draws each token instead of searching for the likeliest text, which needs one beam. The score is that of the tokens
    /// drawn, as likely as the model has them whatever the temperature. Null searches.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Hypotheses returned per text, best first; at most <see cref="Beams"/>.</summary>
    [Range(1, 64)]
    public int Hypotheses { get; init; } = 1;

    /// <summary>
    /// Above 1, what is in the prompt or the text already becomes less likely: its score is multiplied by this where it is
    /// negative, else divided (Keskar et al., 2019). Below 1 it becomes likelier; 1 changes nothing.
    /// </summary>
    [Range(0.01, 100.0)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>No sequence of so many tokens comes twice in prompt and text; 0 allows all.</summary>
    [Range(0, 1 << 20)]
    public int NoRepeatNgram { get; init; }

    /// <summary>Checks the ranges above.</summary>
    /// <exception cref="LlamaxException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true);
        if (errors.Count > 0)
        {
            throw new LlamaxException($"Generation options: {string.Join(" ", errors.Select(error => error.ErrorMessage))}");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Hypotheses > Beams)
        {
            yield return new ValidationResult(
                $"{Hypotheses} hypotheses were asked for, but {Beams} beams give at most {Beams}.", [nameof(Hypotheses), nameof(Beams)]);
        }

        if (Beams == 1 && (LengthPenalty != DefaultLengthPenalty || EarlyStopping != EarlyStopping.False))
        {
            yield return new ValidationResult(
                $"{(EarlyStopping != EarlyStopping.False ? "EarlyStopping" : "LengthPenalty")} decides between beams, and there is one: leave it out, or ask for several beams.",
                [EarlyStopping != EarlyStopping.False ? nameof(EarlyStopping) : nameof(LengthPenalty), nameof(Beams)]);
        }

        if (Sampling is not null && Beams != 1)
        {
            yield return new ValidationResult($"Drawing tokens follows one text, and {Beams} beams were asked for: 1 is needed.", [nameof(Sampling), nameof(Beams)]);
        }

        var errors = new List<ValidationResult>();
        if (Sampling is not null && !Validator.TryValidateObject(Sampling, new ValidationContext(Sampling), errors, validateAllProperties: true))
        {
            foreach (var error in errors)
            {
                yield return error;
            }
        }

        if (!Enum.IsDefined(EarlyStopping))
        {
            yield return new ValidationResult("EarlyStopping must be false, true or never.", [nameof(EarlyStopping)]);
        }
    }
}
