using System.Buffers;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Segmentation;

/// <summary>
/// A text's clusters: what no word boundary may part. Lives in rented memory for the time of one call, one byte for each
/// char of the text.
/// </summary>
internal readonly ref struct ClusterMap
{
    /// <summary>How many places are asked for together.</summary>
    public const int Chunk = 64;

    private const byte KindMask = 0b0111; // 0 inside of a cluster, else the kind and 1.
    private const byte Parts = 0b1000;

    private readonly byte[] rented;
    private readonly int length;

    /// <summary>What marks the start of a cluster, by the kind of the cluster before, times four, and its own.</summary>
    private static ReadOnlySpan<byte> Marks => [9, 10, 11, 12, 9, 2, 11, 12, 9, 10, 11, 12, 9, 10, 11, 12];

    /// <summary>Finds the clusters.</summary>
    public ClusterMap(ReadOnlySpan<char> text)
    {
        length = text.Length;
        rented = ArrayPool<byte>.Shared.Rent(length + Chunk);
        rented[length] = KindMask | Parts;
        if (!TryFind(text, rented))
        {
            rented.AsSpan(0, length).Clear();
            Find(text, rented);
        }
    }

    /// <summary>Whether a word may end here and another begin.</summary>
    public bool IsBoundary(int at) => (rented[at] & Parts) != 0;

    /// <summary>Of the places of a chunk, those where clusters begin, as bits.</summary>
    /// <param name="chunk">The first place; may lie behind the text's end.</param>
    public ulong Starts(int chunk) => Within(chunk, ~Equal(chunk, 0));

    /// <summary>Of the places of a chunk, those where a letter or digit stands with which a word may begin, as bits.</summary>
    /// <param name="chunk">The first place; may lie behind the text's end.</param>
    public ulong WordStarts(int chunk) =>
        Within(chunk, Equal(chunk, Parts | ((int)ElementKind.Spaced + 1)) | Equal(chunk, Parts | ((int)ElementKind.Unspaced + 1)));

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

    private ulong Equal(int chunk, byte mark) => chunk >= length ? 0
        : Vector512.Equals(Vector512.Create((ReadOnlySpan<byte>)rented.AsSpan(chunk, Chunk)), Vector512.Create(mark)).ExtractMostSignificantBits();

    /// <summary>Without bits of places behind the text.</summary>
    private ulong Within(int chunk, ulong bits) => length - chunk is var left && left >= Chunk ? bits : left <= 0 ? 0 : bits & ((1UL << left) - 1);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);

    /// <summary>
    /// Finds the clusters character by character, as long as each is one with what extends it. What a character is cannot
    /// be foreseen, so it is computed with rather than asked.
    /// </summary>
    /// <returns>Whether that was so; if not, what was found is wrong.</returns>
    private static bool TryFind(ReadOnlySpan<char> text, Span<byte> map)
    {
        const int Unspaced = (int)ElementKind.Unspaced;
        var traits = CharacterTraits.Basic;
        var (seen, kind, last, own) = (0, 0, 0, text.IsEmpty ? 0 : traits[text[0]] & ~CharacterTraits.Extends); // The first begins a cluster, whatever it is.
        for (var at = 0; at < text.Length; at++)
        {
            var next = at + 1 < text.Length ? traits[text[at + 1]] : 0;
            var begins = own & CharacterTraits.BeginsNone;
            if ((own & CharacterTraits.DependsOnNeighbours) != 0 & ((last | next) & CharacterTraits.Ties) != 0 & kind == Unspaced)
            {
                begins = WordBoundary.IsPossible(text, at) ? 0 : CharacterTraits.BeginsNone;
            }

            var isInside = (own & CharacterTraits.Extends) != 0 | (begins != 0 & kind == Unspaced);
            var starts = (isInside ? 1 : 0) - 1; // All bits or none.
            var ownKind = own & CharacterTraits.KindMask;
            map[at] = (byte)(Marks[(kind * 4) + ownKind] & starts);
            kind = (kind & ~starts) | (ownKind & starts);
            seen |= own;
            (last, own) = (own, next);
        }

        return (seen & (CharacterTraits.IsIrregular | CharacterTraits.Links)) == 0;
    }

    private static void Find(ReadOnlySpan<char> text, Span<byte> map)
    {
        var before = ElementKind.Other;
        for (var start = 0; start < text.Length;)
        {
            var end = TextElement.End(text, start, out var kind);
            while (kind == ElementKind.Unspaced && end < text.Length && !TextElement.MayPart(text, end))
            {
                end = TextElement.End(text, end, out _);
            }

            map[start] = Marks[((int)before * 4) + (int)kind];
            (before, start) = (kind, end);
        }
    }
}
