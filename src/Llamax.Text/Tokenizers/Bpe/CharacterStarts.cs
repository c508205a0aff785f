using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// What characters of two and three bytes become, whatever stands around them: where that is certain a word need not be merged
/// from its bytes.
/// </summary>
/// <remarks>
/// Let two neighbours merge at a rank, and let every merge of the left one with what may come to stand before it, and of the
/// right one with what may come to stand behind it, have a higher rank. Then both are still there when their turn comes, so
/// that they merge. Where what they give takes part in merges of a higher rank only, nothing happens to it before that, so
/// that they may as well merge at once. The same holds for what they give and a third byte.
/// </remarks>
internal sealed class CharacterStarts
{
    private const int Bytes = 256;
    private const int Basic = 0x10000;
    private const int Passes = 8;
    private const int FirstOfThree = 0x800; // The first code point that takes three bytes.

    // Above the number of what a character begins with: its length in bytes, and what it may stand behind.
    private const int LengthShift = RankedMerges.NumberBits;
    private const int Spaced = 1 << 23;
    private const int Continued = 1 << 24;

    private readonly int[] starts = new int[Basic]; // By code point; 0 where nothing is certain.

    private CharacterStarts()
    {
    }

    /// <summary>Finds out what is certain; null where tokens do not come about from the bytes.</summary>
    /// <param name="table">The merges.</param>
    /// <param name="merges">The same, those of lower rank first.</param>
    /// <param name="count">How many ids there are.</param>
    public static CharacterStarts? TryCreate(RankedMerges table, MergeTable merges, int count)
    {
        var (spaced, continued) = (new int[count + 1], new int[count + 1]); // The lowest merge with what ends in a space, or in the second byte of a character or a later one.
        var behind = new int[Bytes * Bytes]; // By a byte and the first byte of what is behind: the lowest merge.
        Array.Fill(spaced, RankedMerges.None);
        Array.Fill(continued, RankedMerges.None);
        Array.Fill(behind, RankedMerges.None);
        var hurries = new bool[count + 1]; // Takes part in a merge of a rank below its own, as in ranks of tokens without a list of merges.
        var edges = Edges(table, merges, count);
        foreach (ref readonly var merge in merges.All)
        {
            var (left, right, result) = (merge.Left + 1, merge.Right + 1, merge.Result + 1);
            if (edges[left].IsUnknown || edges[right].IsUnknown || (edges[left].First, edges[right].Last) != (edges[result].First, edges[result].Last))
            {
                return null;
            }

            hurries[left] |= left >= result;
            hurries[right] |= right >= result;
            var last = edges[left].Last;
            ref var lowest = ref (last == ' ' ? ref spaced[right] : ref continued[right]);
            if (last == ' ' || IsContinuation(last))
            {
                lowest = Math.Min(lowest, result);
            }

            if (edges[left].IsByte)
            {
                lowest = ref behind[last * Bytes + edges[right].First];
                lowest = Math.Min(lowest, result);
            }
        }

        var known = new CharacterStarts();
        known.Fill(table, spaced, continued, behind, hurries);
        return known;
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

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    /// <summary>What tokens begin and end with, by number, as far as that is found out.</summary>
    private static Edge[] Edges(RankedMerges table, MergeTable merges, int count)
    {
        var edges = new Edge[count + 1];
        for (var value = 0; value < Bytes; value++)
        {
            edges[table.Number((byte)value)] = new Edge((byte)value, (byte)value, EdgeKind.Byte);
        }

        // More than once, as the parts of a merge may come about in later ones.
        var isDone = false;
        for (var pass = 0; pass < Passes && !isDone; pass++)
        {
            isDone = true;
            foreach (ref readonly var merge in merges.All)
            {
                var (left, right) = (edges[merge.Left + 1], edges[merge.Right + 1]);
                ref var result = ref edges[merge.Result + 1];
                if (result.IsUnknown && !left.IsUnknown && !right.IsUnknown)
                {
                    result = new Edge(left.First, right.Last, EdgeKind.Token);
                    isDone = false;
                }
            }
        }

        return edges;
    }

    private void Fill(RankedMerges table, int[] spaced, int[] continued, int[] behind, bool[] hurries)
    {
        for (var codePoint = 0x80; codePoint < Basic; codePoint++)
        {
            var isTwo = codePoint < FirstOfThree;
            var lead = (byte)(isTwo ? 0xC0 | codePoint >> 6 : 0xE0 | codePoint >> 12);
            var second = (byte)(0x80 | (isTwo ? codePoint : codePoint >> 6) & 0x3F);
            var third = (byte)(0x80 | codePoint & 0x3F);
            var (number, length) = (table.Find(lead, second), 2);
            if (number == RankedMerges.None || hurries[number] || number >= (isTwo ? Lowest(behind, second) : behind[second * Bytes + third]))
            {
                continue;
            }

            var (space, continuation) = (spaced[table.Number(lead)] > number, continued[table.Number(lead)] > number);
            var all = isTwo ? RankedMerges.None : table.Find(RankedMerges.Key(number, table.Number(third)));
            if (all != RankedMerges.None && !hurries[all] && all < Lowest(behind, third))
            {
                (space, continuation) = (space && spaced[number] > all, continuation && continued[number] > all);
                (number, length) = (all, 3);
            }

            starts[codePoint] = number | length << LengthShift | (space ? Spaced : 0) | (continuation ? Continued : 0);
        }
    }

    private static int Lowest(int[] behind, byte value)
    {
        var lowest = RankedMerges.None;
        foreach (var number in behind.AsSpan(value * Bytes, Bytes))
        {
            lowest = Math.Min(lowest, number);
        }

        return lowest;
    }

    private enum EdgeKind : byte
    {
        Unknown,
        Byte,
        Token,
    }

    /// <summary>The first and the last byte of a token.</summary>
    private readonly record struct Edge(byte First, byte Last, EdgeKind Kind)
    {
        public bool IsUnknown => Kind == EdgeKind.Unknown;

        public bool IsByte => Kind == EdgeKind.Byte;
    }
}
