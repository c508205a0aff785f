using Llamax.Corpora.Building.Sharing;
using Llamax.Corpora.Readers;

namespace Llamax.Recipes;

/// <summary>How the training data of a run are made, as far as the recipe does not say it.</summary>
public sealed record DataBuilding
{
    /// <summary>Which part of the work falls to this process.</summary>
    public WorkShare Share { get; init; } = WorkShare.Alone;

    /// <summary>Lines that cannot be read are counted and left out; more than this end the building.</summary>
    public long MaxBadLines { get; init; } = long.MaxValue;

    /// <summary>What becomes of lines that are not UTF-8; null for what the data of the run were begun with, or an error.</summary>
    public InvalidUtf8? InvalidUtf8 { get; init; }
}
