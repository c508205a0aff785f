namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// The lowest merges of tokens with neighbours of a kind: what must be known to merge before their turn those that will merge
/// whatever stands around them. By number, as in <see cref="RankedMerges"/>.
/// </summary>
/// <remarks>
/// Let two neighbours merge at a rank, and let every merge of the left one with what may come to stand before it, and of the
/// right one with what may come to stand behind it, have a higher rank. Then both are still there when their turn comes, so
/// that they merge. Where what they give takes part in merges of a higher rank only, nothing happens to it before that, so
/// that they may as well merge at once. The same holds for what they give and a third token.
/// </remarks>
internal sealed class MergeNeighbours
{
    private const int Bytes = 256;
    private const int Passes = 8;

    private readonly int[] ahead = Lowest(Bytes * Bytes); // By the last byte of what is ahead, and the byte.
    private readonly int[] behind = Lowest(Bytes * Bytes); // By the byte, and the first byte of what is behind.
    private readonly int[] spaced; // By what merges with something that ends in a space.
    private readonly int[] continued; // By what merges with something that ends in the second byte of a character or a later one.
    private readonly bool[] hurries;

    private MergeNeighbours(int count) =>
        (spaced, continued, hurries) = (Lowest(count + 1), Lowest(count + 1), new bool[count + 1]);

    /// <summary>Finds them; null where tokens do not come about from the bytes.</summary>
    /// <param name="merges">The merges, those of lower rank first.</param>
    /// <param name="byteIds">The ids of all bytes.</param>
    /// <param name="count">How many ids there are.</param>
    public static MergeNeighbours? TryCreate(MergeTable merges, ReadOnlySpan<int> byteIds, int count)
    {
        var neighbours = new MergeNeighbours(count);
        var edges = Edges(merges, byteIds, count);
        foreach (ref readonly var merge in merges.All)
        {
            var (left, right, result) = (merge.Left + 1, merge.Right + 1, merge.Result + 1);
            if (edges[left].IsUnknown || edges[right].IsUnknown || (edges[left].First, edges[right].Last) != (edges[result].First, edges[result].Last))
            {
                return null;
            }

            neighbours.Add(left, right, result, edges);
        }

        return neighbours;
    }

    /// <summary>Whether a token takes part in a merge of a rank below its own, as in ranks of tokens without a list of merges.</summary>
    public bool Hurries(int number) => hurries[number];

    /// <summary>The lowest number that a token gives with one ahead of it that ends in a space.</summary>
    public int BehindSpace(int number) => spaced[number];

    /// <summary>The lowest number that a token gives with one ahead of it that ends within a character or with one of several bytes.</summary>
    public int BehindContinuation(int number) => continued[number];

    /// <summary>The lowest number that <paramref name="value"/> gives with a token that ends in <paramref name="last"/>.</summary>
    public int Ahead(byte last, byte value) => ahead[last * Bytes + value];

    /// <summary>The lowest number that <paramref name="value"/> gives with a token that begins with <paramref name="first"/>.</summary>
    public int Behind(byte value, byte first) => behind[value * Bytes + first];

    /// <summary>The lowest number that <paramref name="value"/> gives with a token behind it.</summary>
    public int Behind(byte value)
    {
        var lowest = RankedMerges.None;
        foreach (var number in behind.AsSpan(value * Bytes, Bytes))
        {
            lowest = Math.Min(lowest, number);
        }

        return lowest;
    }

    private static int[] Lowest(int count)
    {
        var lowest = new int[count];
        Array.Fill(lowest, RankedMerges.None);
        return lowest;
    }

    /// <summary>What tokens begin and end with, by number, as far as that is found out.</summary>
    private static Edge[] Edges(MergeTable merges, ReadOnlySpan<int> byteIds, int count)
    {
        var edges = new Edge[count + 1];
        for (var value = 0; value < Bytes; value++)
        {
            edges[byteIds[value] + 1] = new Edge((byte)value, (byte)value, EdgeKind.Byte);
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

    private void Add(int left, int right, int result, Edge[] edges)
    {
        hurries[left] |= left >= result;
        hurries[right] |= right >= result;
        var last = edges[left].Last;
        if (last == ' ')
        {
            Lower(ref spaced[right], result);
        }
        else if (CharacterStarts.IsContinuation(last))
        {
            Lower(ref continued[right], result);
        }

        if (edges[right].IsByte)
        {
            Lower(ref ahead[last * Bytes + edges[right].First], result);
        }

        if (edges[left].IsByte)
        {
            Lower(ref behind[last * Bytes + edges[right].First], result);
        }
    }

    private static void Lower(ref int lowest, int result) => lowest = Math.Min(lowest, result);

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
