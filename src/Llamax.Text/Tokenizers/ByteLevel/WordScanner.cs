using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>A pattern that some alternative of always matches, so that its matches cover every text.</summary>
internal abstract class WordScanner : SplitPattern
{
    /// <summary>The characters that are neither letters nor numbers nor spaces are those with none of these classes.</summary>
    protected const CharacterClass Named = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Space;

    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        pieces.Clear();
        for (var at = 0; at < utf8.Length;)
        {
            at = Next(utf8, at);
            pieces.Add(at);
        }
    }

    /// <summary>The end of the word that starts at <paramref name="start"/>, which is before the end of the text.</summary>
    protected abstract int Next(ReadOnlySpan<byte> utf8, int start);

    /// <summary>
    /// The end of a run of ASCII letters at <paramref name="start"/>, perhaps behind one space, where no other letter can follow
    /// them; <paramref name="start"/> where this look at 16 bytes does not tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static int AsciiWord(ReadOnlySpan<byte> utf8, int start)
    {
        if (start > utf8.Length - Vector128<byte>.Count)
        {
            return start;
        }

        var bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(utf8), (nuint)start);
        var lower = (bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var others = ~Vector128.LessThan(lower, Vector128.Create((byte)26)).ExtractMostSignificantBits();
        var length = BitOperations.TrailingZeroCount(utf8[start] == ' ' ? others & ~1u : others);
        return length < Vector128<byte>.Count && utf8[start + length] < 0x80 && (others >> Math.Max(0, length - 1) & 1) == 0 ? start + length : start;
    }

    /// <summary>The end of the run of letters from <paramref name="at"/> on.</summary>
    protected static int Letters(ReadOnlySpan<byte> utf8, int at) =>
        CharacterClasses.EndOfRun(utf8, at, CharacterClass.Letter, CharacterClass.Letter);

    /// <summary>The end of the run of characters that are neither letters nor numbers nor spaces.</summary>
    protected static int Others(ReadOnlySpan<byte> utf8, int at) => CharacterClasses.EndOfRun(utf8, at, Named, CharacterClass.Other);

    /// <summary>The end of at most <paramref name="most"/> number characters.</summary>
    protected static int Numbers(ReadOnlySpan<byte> utf8, int at, int most)
    {
        for (; most > 0 && at < utf8.Length && CharacterClasses.At(utf8, at, out var length).Has(CharacterClass.Number); most--)
        {
            at += length;
        }

        return at;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: all spaces where the text ends after them, else all but the last, or the only one.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="start">Where a space stands.</param>
    /// <param name="limits">What follows the spaces counts as the end of the text where it has one of these classes.</param>
    protected static int Spaces(ReadOnlySpan<byte> utf8, int start, CharacterClass limits = CharacterClass.Other)
    {
        var (at, last) = (start, start);
        while (at < utf8.Length)
        {
            var kind = CharacterClasses.At(utf8, at, out var length);
            if (!kind.Has(CharacterClass.Space))
            {
                return last > start && (kind & limits) == CharacterClass.Other ? last : at;
            }

            last = at;
            at += length;
        }

        return at;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: up to the last line break among the spaces where there is one.</summary>
    protected static int SpacesAndLines(ReadOnlySpan<byte> utf8, int start)
    {
        var (at, lines) = (start, start);
        while (at < utf8.Length)
        {
            var kind = CharacterClasses.At(utf8, at, out var length);
            if (!kind.Has(CharacterClass.Space))
            {
                break;
            }

            at += length;
            lines = kind.Has(CharacterClass.Newline) ? at : lines;
        }

        return lines > start ? lines : Spaces(utf8, start);
    }

    /// <summary><c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c>: the end of the contraction at <paramref name="at"/>, or that place itself.</summary>
    protected static int AnyCaseContraction(ReadOnlySpan<byte> utf8, int at)
    {
        var rest = utf8[at..];
        if (rest.Length < 2 || rest[0] != '\'')
        {
            return at;
        }

        var second = rest.Length > 2 ? rest[2] | 0x20 : 0;
        return (rest[1] | 0x20) switch
        {
            's' or 't' or 'm' or 'd' => at + 2,
            'r' or 'v' when second == 'e' => at + 3,
            'l' when second == 'l' => at + 3,
            _ => rest[1..] is [0xC5, 0xBF, ..] ? at + 3 : at, // ſ is another small s.
        };
    }
}
