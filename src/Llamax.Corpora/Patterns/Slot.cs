namespace Llamax.Corpora.Patterns;

/// <summary>A named list of fillers that fit the same places.</summary>
/// <param name="Name">The name that templates use.</param>
/// <param name="Fillers">The fillers in the order of the file; a union holds those of its slots.</param>
/// <param name="Category">What English calls one of them, article included ("an animal"), or null.</param>
/// <param name="Categories">What English calls several of them ("animals"), or null.</param>
/// <param name="Source">Where it is declared.</param>
internal sealed record Slot(
    string Name, IReadOnlyList<Filler> Fillers, string? Category, string? Categories, SourceLine Source);
