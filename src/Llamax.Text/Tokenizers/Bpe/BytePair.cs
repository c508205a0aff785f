namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// What two neighbouring bytes give, and what else they may merge with. Where the first of two merges with nothing ahead of
/// it, and the second one with nothing behind it, before the two have merged with each other, they may merge at once.
/// </summary>
/// <param name="result">The number of what they give, or <see cref="RankedMerges.None"/>.</param>
/// <param name="isHurried">Whether what they give takes part in a merge of a rank below its own, so that it must not come about early.</param>
/// <param name="ahead">The lowest number that the second byte gives with a token that ends in the first one.</param>
/// <param name="behind">The lowest number that the first byte gives with a token that begins with the second one.</param>
internal readonly struct BytePair(int result, bool isHurried, int ahead, int behind)
{
    // Three numbers and the sign: eight pairs fill a line of the processor's cache.
    private readonly ulong bits = (ulong)(uint)ahead | (ulong)(uint)behind << RankedMerges.NumberBits
        | (ulong)(uint)result << 2 * RankedMerges.NumberBits | (isHurried ? 1UL << 63 : 0);

    /// <summary>The lowest number that the second byte gives with a token that ends in the first one.</summary>
    public int Ahead => (int)bits & RankedMerges.None;

    /// <summary>The lowest number that the first byte gives with a token that begins with the second one.</summary>
    public int Behind => (int)(bits >> RankedMerges.NumberBits) & RankedMerges.None;

    /// <summary>What the two give.</summary>
    public int Result => (int)(bits >> 2 * RankedMerges.NumberBits) & RankedMerges.None;

    /// <summary>What the two may give early; <see cref="RankedMerges.None"/> where they may not.</summary>
    public int Early => Result | (int)((long)bits >> 63) & RankedMerges.None;
}
