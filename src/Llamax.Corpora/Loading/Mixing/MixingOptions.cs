using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Loading.Mixing;

/// <summary>
/// How much of each group of a training set an epoch holds. A group is what the manifest counts: entries of one kind and
/// direction. An epoch has as many entries as the training set: some groups' entries come more than once, others' not all.
/// </summary>
public sealed record MixingOptions
{
    /// <summary>Every entry once.</summary>
    public static MixingOptions None { get; } = new();

    /// <summary>
    /// Within each kind, the share of a group with n entries is proportional to n^(1 / temperature): above 1, small
    /// languages come more often (Arivazhagan et al., 2019). The kinds keep their shares.
    /// </summary>
    [Range(1.0, 1e6)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Factors by kind (<c>parallel</c>), by language (<c>sw</c>, alone or in a pair) and by direction (<c>en-sw</c>).
    /// A kind's factor changes its share beside other kinds, the others' the shares within a kind; those that fit a
    /// group multiply, and 0 leaves it out.
    /// </summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether each entry comes once per epoch.</summary>
    internal bool IsEven => Temperature == 1 && Weights.Count == 0;
}
