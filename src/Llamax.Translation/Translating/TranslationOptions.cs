using System.ComponentModel.DataAnnotations;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Translating;

/// <summary>How texts are translated.</summary>
public sealed record TranslationOptions
{
    /// <summary>How output is searched for.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>Code of a language to go through: two translations, one after the other. Null goes straight.</summary>
    public string? Via { get; init; }

    /// <summary>
    /// Texts of more tokens are cut into sentences, which are translated by themselves and put together again. Lines of a
    /// text are always translated by themselves.
    /// </summary>
    [Range(1, 1 << 20)]
    public int SentenceTokens { get; init; } = 160;

    /// <summary>
    /// Output that goes round in circles is searched for once more with this as <see cref="GenerationOptions.NoRepeatNgram"/>;
    /// 0 leaves it as it is.
    /// </summary>
    [Range(0, 1 << 10)]
    public int LoopNgram { get; init; } = 5;

    /// <summary>
    /// Whether a text is in the language of a code, by whatever identifier the caller has. Where the best hypothesis is not, the
    /// best one that is takes its place. Null does not ask.
    /// </summary>
    public Func<string, string, bool>? IsInLanguage { get; init; }

    /// <summary>Checks the ranges above.</summary>
    /// <exception cref="LlamaxException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Generation.Validate();
        var errors = new List<ValidationResult>();
        if (!Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true))
        {
            throw new LlamaxException($"Translation options: {string.Join(" ", errors.Select(error => error.ErrorMessage))}");
        }
    }
}
