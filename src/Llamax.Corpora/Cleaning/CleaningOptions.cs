using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Cleaning;

/// <summary>What is mended in texts and sentence pairs, and which of them are left out. Each step can be switched off.</summary>
public sealed record CleaningOptions : IValidatableObject
{
    /// <summary>
    /// Whether texts are repaired: control and invisible characters are removed, letters that came apart because UTF-8 was
    /// read as Windows-1252 are put together again, line ends are made alike.
    /// </summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Whether texts are brought into Unicode's normal form C, so that an accented letter is always one character.</summary>
    public bool Nfc { get; init; }

    /// <summary>
    /// A text of which a larger share is replacement characters (U+FFFD, what is left of letters that were lost) is left
    /// out; from others they are removed. Part of <see cref="Unicode"/>. 1 leaves none out.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MaxDamage { get; init; } = 0.001;

    /// <summary>Texts, and sides of pairs, with fewer characters are left out; 0 for no limit.</summary>
    [Range(0, int.MaxValue)]
    public int MinLength { get; init; }

    /// <summary>Texts, and sides of pairs, with more characters are left out; 0 for no limit.</summary>
    [Range(0, int.MaxValue)]
    public int MaxLength { get; init; }

    /// <summary>
    /// A pair is left out where one side is more than this many times as long as the other, each measured in the
    /// characters that its language takes for the same text (Chinese a third of English); 0 for no limit.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double MaxRatio { get; init; }

    /// <summary>Whether pairs are left out whose sides are the same but for case, accents, punctuation and spaces.</summary>
    public bool SameAsSource { get; init; }

    /// <summary>Whether texts are left out that an identifier takes for another language.</summary>
    public bool WrongLanguage { get; init; }

    /// <summary>Whether of equal texts and pairs only one stays, within a corpus and across.</summary>
    public bool Duplicates { get; init; } = true;

    /// <summary>Of texts and pairs that are nearly the same only one stays.</summary>
    public NearDuplicateOptions NearDuplicates { get; init; } = new();

    /// <summary>How much text has to be shared with a benchmark's test set for a text to be left out.</summary>
    public DecontaminationOptions Decontamination { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxLength > 0 && MaxLength < MinLength)
        {
            yield return new ValidationResult($"max_length is {MaxLength}, below min_length, {MinLength}: no text would stay.", [nameof(MaxLength)]);
        }

        if (MaxRatio is > 0 and < 1)
        {
            yield return new ValidationResult("max_ratio is below 1: no pair would stay. It is the longer side's length over the shorter one's.", [nameof(MaxRatio)]);
        }
    }
}
