using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Dictionaries;

/// <summary>How dictionaries become a lexicon.</summary>
public sealed record LexiconOptions
{
    /// <summary>The largest <see cref="FanOut"/>.</summary>
    public const int LargestFanOut = 1000;

    /// <summary>1: translations as the dictionaries have them. 2: also translations of translations.</summary>
    [Range(1, 2)]
    public int Hops { get; init; } = 1;

    /// <summary>
    /// With two hops: how many of a word's translations are gone on from, and how many of each one's translations into a
    /// language count. Bounds the time of a look-up.
    /// </summary>
    [Range(1, LargestFanOut)]
    public int FanOut { get; init; } = 8;

    /// <summary>Whether a dictionary is used against its direction, too: en-fr for French words.</summary>
    public bool BothWays { get; init; } = true;

    /// <summary>Whether translations are put into lower case; the words that are looked up always are.</summary>
    public bool LowercaseTranslations { get; init; }

    /// <summary>Bytes that building may take in memory; what does not fit is sorted on disk.</summary>
    [Range(1L << 20, 1L << 40)]
    public long Memory { get; init; } = 512L << 20;
}
