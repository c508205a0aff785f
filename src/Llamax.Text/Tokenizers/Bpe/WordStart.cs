using System.Runtime.CompilerServices;

namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>What a word begins as: its bytes, and characters that begin whole (<see cref="CharacterStarts"/>).</summary>
internal static class WordStart
{
    private const byte FirstLead = 0xC0; // From here on bytes may begin a character.

    /// <summary>Writes the symbols of a word, and what each gives with the one behind it.</summary>
    /// <param name="word">1 byte or more.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="symbols">Room for as many numbers as there may be symbols.</param>
    /// <param name="results">As much room; for bytes what they give, for others <see cref="RankedMerges.None"/>.</param>
    /// <param name="most">How many symbols there may be, up to 32.</param>
    /// <param name="early">A bit for each symbol that may merge with the one behind it at once.</param>
    /// <param name="asked">A bit for each symbol of which it is not said what it gives with the one behind it.</param>
    /// <returns>How many symbols there are; 0 where there are too many.</returns>
    public static int Write(ReadOnlySpan<byte> word, RankedMerges merges, ref int symbols, ref int results, int most, out uint early, out uint asked)
    {
        var limit = merges.Starts is null ? byte.MaxValue + 1 : FirstLead;
        if (word.Length > most || word[0] >= limit)
        {
            return WriteCharacters(word, merges, ref symbols, ref results, most, out early, out asked);
        }

        // A pair may merge early where it does so before the first of the two with what is ahead, and the second with what is behind.
        var (pair, ahead, pairAhead) = (RankedMerges.None, RankedMerges.None, RankedMerges.None);
        (early, asked) = (0, 0);
        var previous = word[0];
        symbols = merges.Number(previous);
        for (var i = 1; i < word.Length; i++)
        {
            var value = word[i];
            if (value >= limit)
            {
                return WriteCharacters(word, merges, ref symbols, ref results, most, out early, out asked);
            }

            var next = merges.Pair(previous, value);
            Unsafe.Add(ref symbols, i) = merges.Number(value);
            Unsafe.Add(ref results, i - 1) = next.Result;
            early |= (uint)((pair - ahead) & (pair - next.Behind)) >> 31 << (i - 2);
            (pair, ahead, pairAhead, previous) = (next.Early, pairAhead, next.Ahead, value);
        }

        early |= (uint)(pair - ahead) >> 31 << (word.Length - 2);
        return word.Length;
    }

    /// <summary>The same with characters among the symbols.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteCharacters(
        ReadOnlySpan<byte> word, RankedMerges merges, ref int symbols, ref int results, int most, out uint early, out uint asked)
    {
        var (pair, ahead, pairAhead) = (RankedMerges.None, RankedMerges.None, RankedMerges.None);
        var (count, wasWhole, starts) = (0, 0, merges.Starts); // Whole: all bits are set.
        var (mayMerge, unsaid) = (0u, 0u);
        (early, asked) = (0, 0);
        for (var at = 0; at < word.Length; count++)
        {
            if (count == most)
            {
                return 0;
            }

            var (number, length, isWhole) = (0, 1, 0);
            if (word[at] >= FirstLead && starts is not null && (number = starts.Find(word, at, out length)) > 0)
            {
                isWhole = -1;
            }
            else
            {
                (number, length) = (merges.Number(word[at]), 1);
            }

            Unsafe.Add(ref symbols, count) = number;
            if (count > 0)
            {
                var next = merges.Pair(word[at - 1], word[at]);
                var unknown = wasWhole | isWhole;
                Unsafe.Add(ref results, count - 1) = next.Result | unknown & RankedMerges.None;
                mayMerge |= (uint)((pair - ahead) & (pair - next.Behind)) >> 31 << (count - 2);
                unsaid |= (uint)-unknown << (count - 1);
                (pair, ahead, pairAhead) = (next.Early | unknown & RankedMerges.None, pairAhead, next.Ahead);
            }

            wasWhole = isWhole;
            at += length;
        }

        (early, asked) = (mayMerge | (uint)(pair - ahead) >> 31 << (count - 2), unsaid);
        return count;
    }
}
