using System.ComponentModel.DataAnnotations;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes.Schema;

/// <summary>
/// The section <c>data.pseudo_from</c>: English text and the model that translates it for languages with few sentence
/// pairs. The translations are kept in the run folder, in <c>translations</c>.
/// </summary>
public sealed record PseudoSection
{
    /// <summary>English text, a sentence each.</summary>
    [Required]
    public IReadOnlyList<CorpusFile> Text { get; init; } = [];

    /// <summary>The folder of a model that translates, or that follows translation prompts.</summary>
    [Required]
    [RelativePath]
    public string Model { get; init; } = "";

    /// <summary>How the model's prompts are worded: a template's name or file; as those of its family where null.</summary>
    public string? Template { get; init; }

    /// <summary>Beams of the search.</summary>
    [Range(1, 64)]
    public int Beams { get; init; } = 4;

    /// <summary>New tokens of a translation at most.</summary>
    [Range(1, 4096)]
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Tokens that are computed at once, which bounds the memory.</summary>
    [Range(1, 1 << 24)]
    public int BatchTokens { get; init; } = 4096;
}
