using Llamax.Text.Randomness;

namespace Llamax.Corpora.Building;

/// <summary>
/// Random draws that belong to a content: the same wherever it stands and whoever draws. <see cref="SplitMix64"/> from the
/// content's hash and the key of the stream.
/// </summary>
/// <param name="hash">The content's hash.</param>
/// <param name="key">What the draws are for: a number of a named stream.</param>
internal struct ContentDraws(UInt128 hash, ulong key)
{
    private ulong state = (ulong)hash ^ ulong.RotateLeft((ulong)(hash >> 64), 32) ^ key;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => SplitMix64.Next(ref state);

    /// <summary>One of two, with equal probability.</summary>
    public bool NextBool() => Next() >> 63 != 0;
}
