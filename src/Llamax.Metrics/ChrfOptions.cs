namespace Llamax.Metrics;

/// <summary>How chrF is computed; the defaults are sacreBLEU's chrF2.</summary>
public sealed record ChrfOptions
{
    /// <summary>The longest character n-grams, 1 or more.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>The longest word n-grams: 0 for chrF, 2 for chrF++.</summary>
    public int WordOrder { get; init; }

    /// <summary>How many times as much recall weighs as precision.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether white space counts as characters.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Whether orders without n-grams take part with a tiny value, as in chrF++.py and NLTK, instead of being
    /// left out.</summary>
    public bool EpsilonSmoothing { get; init; }
}
