using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// What characters of two and three bytes become, whatever stands around them: where that is certain a word need not be merged
/// from its bytes.
/// </summary>
/// <remarks>Why it is certain: <see cref="MergeNeighbours"/>.</remarks>
internal sealed class CharacterStarts
{
    private const int Basic = 0x10000;
    private const int FirstOfThree = 0x800; // The first code point that takes three bytes.

    // Above the number of what a character begins with: its length in bytes, and what it may stand behind.
    private const int LengthShift = RankedMerges.NumberBits;
    private const int Spaced = 1 << 23;
    private const int Continued = 1 << 24;

    private readonly int[] starts = new int[Basic]; // By code point; 0 where nothing is certain.

    /// <summary>Finds out what is certain.</summary>
    /// <param name="table">The merges.</param>
    /// <param name="neighbours">What else tokens may merge with.</param>
    public CharacterStarts(RankedMerges table, MergeNeighbours neighbours)
    {
        for (var codePoint = 0x80; codePoint < Basic; codePoint++)
        {
            var isTwo = codePoint < FirstOfThree;
            var lead = (byte)(isTwo ? 0xC0 | codePoint >> 6 : 0xE0 | codePoint >> 12);
            var second = (byte)(0x80 | (isTwo ? codePoint : codePoint >> 6) & 0x3F);
            var third = (byte)(0x80 | codePoint & 0x3F);
            var (number, length) = (table.Pair(lead, second).Early, 2);
            if (number == RankedMerges.None || number >= (isTwo ? neighbours.Behind(second) : neighbours.Behind(second, third)))
            {
                continue;
            }

            var (first, last) = (table.Number(lead), table.Number(third));
            var (space, continuation) = (neighbours.BehindSpace(first) > number, neighbours.BehindContinuation(first) > number);
            var all = isTwo ? RankedMerges.None : table.Find(RankedMerges.Key(number, last));
            if (all != RankedMerges.None && !neighbours.Hurries(all) && all < neighbours.Behind(third))
            {
                (space, continuation) = (space && neighbours.BehindSpace(number) > all, continuation && neighbours.BehindContinuation(number) > all);
                (number, length) = (all, 3);
            }

            starts[codePoint] = number | length << LengthShift | (space ? Spaced : 0) | (continuation ? Continued : 0);
        }
    }

    /// <summary>What the character at <paramref name="at"/> begins with.</summary>
    /// <param name="word">Any bytes.</param>
    /// <param name="at">A place in them.</param>
    /// <param name="length">How many bytes it stands for.</param>
    /// <returns>Its number; 0 where nothing is certain.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> word, int at, out int length)
    {
        var (lead, codePoint) = (word[at], 0);
        if (lead < 0xE0)
        {
            if (at + 1 < word.Length && lead >= 0xC0 && IsContinuation(word[at + 1]))
            {
                codePoint = (lead & 0x1F) << 6 | (word[at + 1] & 0x3F);
            }
        }
        else if (lead < 0xF0 && at + 2 < word.Length && IsContinuation(word[at + 1]) && IsContinuation(word[at + 2]))
        {
            codePoint = (lead & 0xF) << 12 | (word[at + 1] & 0x3F) << 6 | (word[at + 2] & 0x3F);
            codePoint = codePoint < FirstOfThree ? 0 : codePoint;
        }

        var start = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(starts), codePoint);
        length = start >> LengthShift & 3;
        var needed = at == 0 ? 0 : word[at - 1] == ' ' ? Spaced : IsContinuation(word[at - 1]) ? Continued : Spaced << 2;
        return (start & needed) == needed ? start & RankedMerges.None : 0;
    }

    /// <summary>Whether a byte is the second one of a character or a later one.</summary>
    public static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
