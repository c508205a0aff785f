using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>
/// Finds how long the words of a lexicon are that begin at many places of a text. All places go down the trie together, a
/// character at a time, and drop out where no word goes on: so there is little that the processor has to foresee or to wait
/// for. Immutable.
/// </summary>
internal sealed class WordLengths(WordTrie words)
{
    /// <summary>The bit that stands for all words that are longer than this.</summary>
    public const int Long = 63;

    /// <summary>How many chars of a text are looked at together.</summary>
    public const int Places = 256;

    private readonly DoubleArray? trie = DoubleArray.TryBuild(words);

    /// <summary>Finds the lengths.</summary>
    /// <param name="text">The text, from the first place on.</param>
    /// <param name="clusters">Knows the places where words may begin.</param>
    /// <param name="first">The first place.</param>
    /// <param name="lengths">By place, counted from the first, receives bits: bit 0 where a word of one char begins, and so on.</param>
    [SkipLocalsInit]
    public void Find(ReadOnlySpan<char> text, ClusterMap clusters, int first, Span<ulong> lengths)
    {
        Span<Walk> walks = stackalloc Walk[Places];
        Span<Walk> ending = stackalloc Walk[Places];
        Span<ushort> letters = stackalloc ushort[Places + Long];
        lengths = lengths[..Places];
        lengths.Clear();
        var count = 0;
        for (var chunk = 0; chunk < Places; chunk += ClusterMap.Chunk)
        {
            for (var starts = clusters.WordStarts(first + chunk); starts != 0; starts &= starts - 1)
            {
                walks[count++] = new Walk(chunk + BitOperations.TrailingZeroCount(starts), DoubleArray.Root);
            }
        }

        if (trie is null)
        {
            MarkLong(walks[..count], lengths);
            return;
        }

        FindCodes(text, letters);
        for (var depth = 0; depth < Long && count > 0; depth++)
        {
            var alone = 0;
            count = Descend(
                ref MemoryMarshal.GetArrayDataReference(trie.Slots), ref letters[depth], ref lengths[0], 1UL << depth, ref walks[0], count, ref ending[0], ref alone);
            FindRests(text, ending[..alone], depth + 1, lengths);
        }

        MarkLong(walks[..count], lengths);
    }

    /// <summary>Goes down one character with each walk. A method of its own, so that everything is in registers.</summary>
    /// <remarks>
    /// No access is checked, and none can miss, whatever the lexicon and the text. A walk's place is below <see cref="Places"/>
    /// and the depth below <see cref="Long"/>: so many letters and lengths there are. No more walks are written than were
    /// read. A walk stands on the root or on a slot that was found here, and the base of these together with any code is the
    /// number of a slot (<see cref="DoubleArray.Slots"/>): where a rest stands instead of the base, the walk ends.
    /// </remarks>
    /// <returns>How many walks go on.</returns>
    private static int Descend(
        ref TrieSlot slots, ref ushort letters, ref ulong lengths, ulong bit, ref Walk walks, int count, ref Walk ending, ref int alone)
    {
        var (kept, ended) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var (place, slot) = Unsafe.Add(ref walks, i);

            var next = Unsafe.Add(ref slots, slot).Base + Unsafe.Add(ref letters, place);
            var found = Unsafe.Add(ref slots, next);
            var fits = found.Parent == slot ? 1 : 0;
            Unsafe.Add(ref lengths, place) |= bit & (ulong)-(long)(fits & found.Ends);
            Unsafe.Add(ref walks, kept) = Unsafe.Add(ref ending, ended) = new Walk(place, next);
            kept += fits & ~found.IsAlone;
            ended += fits & found.IsAlone;
        }

        alone = ended;
        return kept;
    }

    private static void MarkLong(ReadOnlySpan<Walk> walks, Span<ulong> lengths)
    {
        foreach (var (place, _) in walks)
        {
            lengths[place] |= 1UL << Long;
        }
    }

    /// <summary>The codes of the text, and behind it those of what no word has.</summary>
    private void FindCodes(ReadOnlySpan<char> text, Span<ushort> letters)
    {
        var (codes, length) = (trie!.Codes, Math.Min(text.Length, letters.Length));
        for (var i = 0; i < length; i++)
        {
            letters[i] = codes[text[i]];
        }

        letters[length..].Clear();
    }

    /// <summary>Compares what is left of single words with the text.</summary>
    private void FindRests(ReadOnlySpan<char> text, ReadOnlySpan<Walk> walks, int depth, Span<ulong> lengths)
    {
        var (slots, tails) = (trie!.Slots, trie.Tails);
        foreach (var (place, slot) in walks)
        {
            var tail = slots[slot].Base;
            var at = place + depth;
            if (at < text.Length && text[at] == tails[tail + 1] && tails.AsSpan(tail + 1, tails[tail]) is var rest && text[at..].StartsWith(rest))
            {
                lengths[place] |= 1UL << Math.Min(depth + rest.Length - 1, Long);
            }
        }
    }

    /// <summary>How far the words are followed that begin at a place.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Walk(int Place, int Slot);
}
