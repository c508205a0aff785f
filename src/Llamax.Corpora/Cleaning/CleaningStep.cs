namespace Llamax.Corpora.Cleaning;

/// <summary>The steps by the names under which they are counted: those of their settings where they have one.</summary>
public static class CleaningStep
{
    /// <summary>Texts that were repaired.</summary>
    public const string Unicode = "unicode";

    /// <summary>Texts left out because too much of them was lost.</summary>
    public const string Damaged = "max_damage";

    /// <summary>Texts left out that are too short.</summary>
    public const string MinLength = "min_length";

    /// <summary>Texts left out that are too long.</summary>
    public const string MaxLength = "max_length";

    /// <summary>Texts left out that are in another language.</summary>
    public const string WrongLanguage = "wrong_language";

    /// <summary>Texts left out that a benchmark's test set has.</summary>
    public const string Contaminated = "decontaminate";

    /// <summary>Pairs left out of which one side is too long for the other.</summary>
    public const string MaxRatio = "max_ratio";

    /// <summary>Pairs left out whose sides are the same.</summary>
    public const string SameAsSource = "same_as_source";

    /// <summary>Texts and pairs left out that equal another one.</summary>
    public const string Duplicates = "duplicates";

    /// <summary>Texts and pairs left out that are nearly the same as another one.</summary>
    public const string NearDuplicates = "near_duplicates";
}
