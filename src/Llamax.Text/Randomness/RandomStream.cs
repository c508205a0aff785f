using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Llamax.Text.Randomness;

/// <summary>
/// A random stream named by what it is for. Two streams with the same seed and name give the same numbers on every
/// machine, whatever else drew numbers before. The generator is xoshiro256** (Blackman and Vigna, 2018); its state is
/// the SHA-256 of seed and name.
/// </summary>
public sealed class RandomStream
{
    private readonly ulong k0, k1, k2, k3;
    private ulong s0, s1, s2, s3;

    /// <summary>Opens the stream of that name.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">What the stream is for, from the general to the particular: stage, language, epoch, shard.</param>
    public RandomStream(long seed, params ReadOnlySpan<string> name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{seed}\u001f{string.Join('\u001f', name!)}"), hash);
        s0 = k0 = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        s1 = k1 = BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
        s2 = k2 = BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
        s3 = k3 = BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]);
    }

    /// <summary>
    /// Begins anew, as the stream of one of many items under this stream's name: cheaper than a stream for each by far.
    /// </summary>
    /// <param name="item">A hash of what the item is.</param>
    /// <param name="copy">Tells several streams of one item apart.</param>
    public void Restart(UInt128 item, int copy = 0)
    {
        var (low, high) = (unchecked((ulong)item + ((ulong)copy * 0xD1B54A32D192ED03)), (ulong)(item >> 64));
        s0 = k0 ^ First(low);
        s1 = k1 ^ First(high);
        s2 = k2 ^ First(~low);
        s3 = k3 ^ First(~high);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number from 0 inclusive to <paramref name="bound"/> exclusive, without bias (Lemire, 2019).</summary>
    /// <param name="bound">Above zero.</param>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var product = Math.BigMul(NextUInt64(), (ulong)bound, out var low);
        if (low < (ulong)bound)
        {
            var threshold = unchecked(0UL - (ulong)bound) % (ulong)bound;
            while (low < threshold)
            {
                product = Math.BigMul(NextUInt64(), (ulong)bound, out low);
            }
        }

        return (int)product;
    }

    /// <summary>A number from 0 inclusive to 1 exclusive with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the items into a random order in place (Fisher and Yates).</summary>
    /// <param name="items">The items to shuffle.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The first number of the generator that this one's authors seed it with.</summary>
    private static ulong First(ulong state) => SplitMix64.Next(ref state);
}
