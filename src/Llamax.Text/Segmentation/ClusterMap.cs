using System.Buffers;

namespace Llamax.Text.Segmentation;

/// <summary>
/// A text's clusters: what no word boundary may part. Lives in rented memory for the time of one call, one byte for each
/// char of the text.
/// </summary>
internal readonly ref struct ClusterMap
{
    private const byte KindMask = 0b0111; // 0 inside of a cluster, else the kind and 1.
    private const byte Parts = 0b1000;

    private readonly byte[] rented;
    private readonly int length;

    /// <summary>Finds the clusters.</summary>
    public ClusterMap(ReadOnlySpan<char> text)
    {
        length = text.Length;
        rented = ArrayPool<byte>.Shared.Rent(length + 1);
        rented.AsSpan(0, length).Clear();
        rented[length] = KindMask | Parts;
        var before = ElementKind.Other;
        for (var start = 0; start < length;)
        {
            var end = TextElement.End(text, start, out var kind);
            while (kind == ElementKind.Unspaced && end < length && !TextElement.MayPart(text, end))
            {
                end = TextElement.End(text, end, out _);
            }

            var insideWord = before == ElementKind.Spaced && kind == ElementKind.Spaced;
            rented[start] = (byte)((int)kind + 1 | (insideWord ? 0 : Parts));
            (before, start) = (kind, end);
        }
    }

    /// <summary>Whether a word may end here and another begin.</summary>
    public bool IsBoundary(int at) => (rented[at] & Parts) != 0;

    /// <summary>Whether a cluster begins here, or the text ends.</summary>
    public bool IsStart(int at) => rented[at] != 0;

    /// <summary>The kind of the cluster that begins here; that of the text's end is none of the kinds.</summary>
    public ElementKind Kind(int at) => (ElementKind)((rented[at] & KindMask) - 1);

    /// <summary>The end of the cluster that begins here.</summary>
    public int End(int start)
    {
        do
        {
            start++;
        }
        while (rented[start] == 0);
        return start;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
