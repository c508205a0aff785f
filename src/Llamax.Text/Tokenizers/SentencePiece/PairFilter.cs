using System.Numerics;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// A set of pairs as bits by hash. It seems to hold a few that were not added, whose bits others have set: where it stands
/// for characters that pieces hold side by side, such a pair costs a little time, nothing else.
/// </summary>
internal sealed class PairFilter
{
    private const int BitsPerPiece = 8;

    private readonly ulong[] bits;
    private readonly int shift;

    /// <summary>Prepares an empty set.</summary>
    /// <param name="pieces">Of how many pieces the pairs will be.</param>
    public PairFilter(int pieces)
    {
        var count = Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)pieces * BitsPerPiece), 1 << 10, 1 << 22);
        bits = new ulong[count / 64];
        shift = 64 - BitOperations.Log2(count);
    }

    /// <summary>Adds a pair.</summary>
    public void Add(int left, int right)
    {
        var bit = Bit(left, right);
        bits[bit >> 6] |= 1UL << (int)bit;
    }

    /// <summary>Whether a pair may have been added.</summary>
    public bool MayContain(int left, int right)
    {
        var bit = Bit(left, right);
        return (bits[bit >> 6] >> (int)bit & 1) != 0;
    }

    private ulong Bit(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) * 0x9E3779B97F4A7C15 >> shift;
}
