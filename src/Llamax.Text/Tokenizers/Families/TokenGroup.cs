namespace Llamax.Text.Tokenizers.Families;

/// <summary>Special tokens that a family puts after its pieces.</summary>
internal sealed record TokenGroup
{
    /// <summary>The name; <c>{language}</c> stands for each of the family's languages, <c>{n}</c> for numbers from 0 on.</summary>
    public required string Token { get; set; }

    /// <summary>Whether a token that is in <see cref="FamilyRules.VocabularyFile"/> keeps its id there, and only the others are put behind.</summary>
    public bool InVocabulary { get; set; }

    /// <summary>How many there are with <c>{n}</c>, unless the folder's tokenizer_config.json says it under <see cref="CountKey"/>.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Key in tokenizer_config.json.</summary>
    public string? CountKey { get; set; }

    /// <summary>Whether number 0 has the last id.</summary>
    public bool Descending { get; set; }

    /// <summary>Whether white space before the token belongs to it.</summary>
    public bool Lstrip { get; set; }

    /// <summary>Whether white space after the token belongs to it.</summary>
    public bool Rstrip { get; set; }
}
