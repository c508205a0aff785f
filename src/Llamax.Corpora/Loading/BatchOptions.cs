using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Loading.Mixing;

namespace Llamax.Corpora.Loading;

/// <summary>How entries become batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Cells of a batch at most, padding included: rows × longest row.</summary>
    [Range(2, 1 << 28)]
    public int BatchTokens { get; init; } = 4096;

    /// <summary>Entries are cut to this many ids; what that costs is counted. At most <see cref="BatchTokens"/>.</summary>
    [Range(2, 1 << 24)]
    public int MaxSequence { get; init; } = 2048;

    /// <summary>
    /// Entries of similar length meet in one batch within windows of this many batches of the seeded order. 1 keeps the
    /// order most random and pads most.
    /// </summary>
    [Range(1, 4096)]
    public int WindowBatches { get; init; } = 32;

    /// <summary>How much of each kind, language and direction an epoch holds; every entry once where left out.</summary>
    public MixingOptions Mixing { get; init; } = MixingOptions.None;
}
