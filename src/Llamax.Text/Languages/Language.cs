namespace Llamax.Text.Languages;

/// <summary>
/// A language in a script, and what the corpora, benchmarks and tools of the field call it. What is not known, or what
/// the other side does not have, is null.
/// </summary>
public sealed record Language
{
    /// <summary>The code that Llamax uses: the paper's for its 102 languages, otherwise ISO 639, with the script
    /// where FLORES-200 or MADLAD-400 has the language in several.</summary>
    public required string Code { get; init; }

    /// <summary>English name.</summary>
    public required string Name { get; init; }

    /// <summary>The name in translation prompts, as the paper's published prompts have it (<c>Chinese Simpl</c>).</summary>
    public required string PromptName { get; init; }

    /// <summary>The name as the released evaluation wrote it where that differs from <see cref="PromptName"/>
    /// (<c>Akrikaans</c>): only for reproducing published numbers.</summary>
    public string? CompatPromptName { get; init; }

    /// <summary>Whether it is one of the 102 languages of the LLaMAX paper's Table 9.</summary>
    public bool Paper { get; init; }

    /// <summary>Language family.</summary>
    public string? Family { get; init; }

    /// <summary>ISO 15924 code of the script, for example <c>Latn</c>.</summary>
    public required string Script { get; init; }

    /// <summary>FLORES-101 code, which is also the base name of its files (<c>zho_simpl</c>).</summary>
    public string? Flores101 { get; init; }

    /// <summary>FLORES-200 code (<c>zho_Hans</c>); null for languages that only models have tokens for.</summary>
    public string? Flores200 { get; init; }

    /// <summary>Label of fastText's lid.176 without <c>__label__</c>. Simplified and Traditional Chinese share one.</summary>
    public string? FastTextLabel { get; init; }

    /// <summary>Code of the language's part of mC4 (<c>iw</c> for Hebrew).</summary>
    public string? Mc4 { get; init; }

    /// <summary>Code in MADLAD-400, as in the models' target tags.</summary>
    public string? Madlad { get; init; }

    /// <summary>How words are told apart: <c>spaces</c>, or the name of the rules for a script without them
    /// (<c>chinese</c>, <c>japanese</c>, <c>thai</c>, <c>lao</c>, <c>khmer</c>, <c>burmese</c>, <c>tibetan</c>).</summary>
    public string? Words { get; init; }

    /// <summary>Whether the paper's averages count it among the high-resource languages; null outside the paper.</summary>
    public bool? HighResource { get; init; }

    /// <summary>Table 9, "# Mono.": monolingual texts in the paper's training data.</summary>
    public int? PaperMonolingual { get; init; }

    /// <summary>Table 9, "# Para.": sentence pairs with this language on one side.</summary>
    public int? PaperParallel { get; init; }

    /// <summary>Table 9, "# Direct.": languages that it is paired with.</summary>
    public int? PaperDirections { get; init; }

    /// <summary>Other codes in use for it (<c>iw</c>, <c>fil</c>, <c>zh-TW</c>).</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
