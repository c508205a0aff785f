using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>Augmentation of parallel data with dictionaries.</summary>
public sealed record CodeSwitchOptions
{
    /// <summary>Whether scarce languages get code-switched entries.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Share of the words with a translation that are replaced, each drawn by itself. The paper says "randomly" and no
    /// rate.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Rate { get; init; } = 0.3;

    /// <summary>Entries per sentence pair and direction, each drawn anew.</summary>
    [Range(1, 100)]
    public int Copies { get; init; } = 1;

    /// <summary>1: translations as the dictionaries have them. 2: also translations of translations, French over English into German.</summary>
    [Range(1, 2)]
    public int Hops { get; init; } = 1;

    /// <summary>
    /// With two hops: how many of a word's translations are gone on from, and how many of each one's translations into a
    /// language count.
    /// </summary>
    [Range(1, 1000)]
    public int FanOut { get; init; } = 8;

    /// <summary>Whether a dictionary is used against its direction, too: en-fr for French words.</summary>
    public bool BothWays { get; init; } = true;

    /// <summary>Codes of the languages whose words may come in; all where empty.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The text that is changed.</summary>
    public CodeSwitchSource From { get; init; } = CodeSwitchSource.Parallel;
}
