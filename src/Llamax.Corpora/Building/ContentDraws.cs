namespace Llamax.Corpora.Building;

/// <summary>
/// Random draws that belong to a content: the same wherever it stands and whoever draws. Splitmix64 (Steele, Lea and
/// Flood, 2014) from the content's hash and the key of the stream.
/// </summary>
/// <param name="hash">The content's hash.</param>
/// <param name="key">What the draws are for: a number of a named stream.</param>
internal struct ContentDraws(UInt128 hash, ulong key)
{
    private ulong state = (ulong)hash ^ ulong.RotateLeft((ulong)(hash >> 64), 32) ^ key;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var x = state;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>One of two, with equal probability.</summary>
    public bool NextBool() => Next() >> 63 != 0;
}
