using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Building;

/// <summary>Pseudo-parallel data: English text that a model translates for languages with few sentence pairs.</summary>
public sealed record PseudoOptions
{
    /// <summary>A language with fewer sentence pairs than this, all its partners together, is filled up to as many; 0 fills none.</summary>
    [Range(0, 1 << 24)]
    public int Below { get; init; } = 25_000;

    /// <summary>Whether the translated pairs enter as they are too, and not only code-switched.</summary>
    public bool Unaugmented { get; init; }
}
