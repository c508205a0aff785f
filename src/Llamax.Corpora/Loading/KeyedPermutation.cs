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
            (left, right) = (right, left ^ (Mix(right ^ key) & mask));
        }

        return (left << halfBits) | right;
    }

    /// <summary>The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every input bit moves every output bit.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
