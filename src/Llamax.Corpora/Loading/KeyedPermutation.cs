using Llamax.Text.Randomness;

namespace Llamax.Corpora.Loading;

/// <summary>
/// A random-looking order of the numbers below a count, without holding it in memory: a Feistel network of six rounds
/// over the smallest even number of bits that covers the count, walked until it lands below the count (Black and
/// Rogaway, "Ciphers with arbitrary finite domains", 2002). The walk takes less than four steps on average.
/// </summary>
internal sealed class KeyedPermutation : IEntryOrder
{
    private readonly long count;
    private readonly int halfBits;
    private readonly ulong mask;
    private readonly ulong[] keys = new ulong[6];

    /// <summary>The order of 0 to <paramref name="count"/>, exclusive, that the stream's next numbers key.</summary>
    public KeyedPermutation(long count, RandomStream stream)
    {
        this.count = count;
        while (1L << (2 * halfBits) < count)
        {
            halfBits++;
        }

        mask = (1UL << halfBits) - 1;
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = stream.NextUInt64();
        }
    }

    /// <summary>The number at a place of the order.</summary>
    public long this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            var value = (ulong)index;
            do
            {
                value = Encrypt(value);
            }
            while (value >= (ulong)count);
            return (long)value;
        }
    }

    private ulong Encrypt(ulong value)
    {
        var (left, right) = (value >> halfBits, value & mask);
        foreach (var key in keys)
        {
            (left, right) = (right, left ^ (SplitMix64.Mix(right ^ key) & mask));
        }

        return (left << halfBits) | right;
    }
}
