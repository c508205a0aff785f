using System.Security.Cryptography;
using System.Text;
using Llamax.Corpora.Readers;

namespace Llamax.Corpora.Building;

/// <summary>
/// The sentence pairs of two languages out of all sets, as a set: an equal pair enters once. Counted first, since the
/// rules of Algorithm 1 ask for the numbers, then read again.
/// </summary>
internal sealed class PairCensus
{
    private readonly IReadOnlyList<MultiwaySet> sets;
    private readonly string seed;
    private readonly UInt128 highest;

    /// <summary>Counts the pairs.</summary>
    /// <param name="sets">Sets that have both languages.</param>
    /// <param name="first">The language that sorts first.</param>
    /// <param name="second">The other one.</param>
    /// <param name="maxPairs">Pairs that are kept at most, 0 for all: those with the lowest hashes, a random sample that does not depend on their order.</param>
    /// <param name="seed">The run's seed.</param>
    public PairCensus(IReadOnlyList<MultiwaySet> sets, string first, string second, int maxPairs, long seed)
    {
        this.sets = sets;
        this.seed = $"{seed}";
        (First, Second) = (first, second);
        var hashes = new HashSet<UInt128>();
        foreach (var pair in sets.SelectMany(set => set.Pairs(first, second)))
        {
            Duplicates += hashes.Add(Hash(pair)) ? 0 : 1;
        }

        Count = hashes.Count;
        highest = maxPairs > 0 && Count > maxPairs ? hashes.Order().ElementAt(maxPairs - 1) : UInt128.MaxValue;
        Sampled = Math.Min(Count, maxPairs > 0 ? maxPairs : Count);
    }

    public string First { get; }

    public string Second { get; }

    /// <summary>Distinct pairs.</summary>
    public int Count { get; }

    /// <summary>Distinct pairs that are read.</summary>
    public int Sampled { get; }

    /// <summary>Pairs that equal an earlier one.</summary>
    public long Duplicates { get; }

    public IEnumerable<SentencePair> Read()
    {
        var seen = new HashSet<UInt128>();
        foreach (var pair in sets.SelectMany(set => set.Pairs(First, Second)))
        {
            var hash = Hash(pair);
            if (hash <= highest && seen.Add(hash))
            {
                yield return pair;
            }
        }
    }

    private UInt128 Hash(SentencePair pair)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{First}\n{Second}\n{pair.Source}\n{pair.Target}"), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
