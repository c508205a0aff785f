using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Cleaning;

/// <summary>
/// When a text counts as contaminated by a benchmark. Text is compared without case, accents, width, punctuation and
/// spaces.
/// </summary>
public sealed record DecontaminationOptions
{
    /// <summary>
    /// A text that has this many words in a row in common with a test set is left out: 13 as for GPT-3 (Brown et al.,
    /// 2020, appendix C). In scripts without spaces a character counts as a part of a word: Han one half, kana a third,
    /// Thai, Lao, Khmer and Burmese a quarter.
    /// </summary>
    [Range(2, 50)]
    public int Span { get; init; } = 13;

    /// <summary>A text that has a whole line in common with a test set is left out if the line has this many words at least.</summary>
    [Range(1, 50)]
    public int Line { get; init; } = 4;
}
