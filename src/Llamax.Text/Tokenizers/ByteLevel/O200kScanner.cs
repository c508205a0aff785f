namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary><see cref="SplitPattern.O200kRegex"/>.</summary>
internal sealed class O200kScanner : WordScanner
{
    private const CharacterClass Both = CharacterClass.WordHead | CharacterClass.WordTail;

    /// <inheritdoc/>
    protected override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var first = CharacterClasses.At(utf8, start, out var length);
        if (first.Has(CharacterClass.Number))
        {
            return Numbers(utf8, start, most: 3);
        }

        // The character before a word may be none, or any but a line break, a letter or a number; so it may be a mark,
        // which is also part of words: then the reading with it goes first.
        var mayPrecede = (first & (CharacterClass.Letter | CharacterClass.Newline)) == CharacterClass.Other;
        var end = mayPrecede ? TailedWord(utf8, start + length) : -1;
        end = end < 0 ? TailedWord(utf8, start) : end;
        end = end < 0 && mayPrecede ? HeadWord(utf8, start + length) : end;
        end = end < 0 ? HeadWord(utf8, start) : end;
        if (end >= 0)
        {
            return AnyCaseContraction(utf8, end);
        }

        var others = Others(utf8, utf8[start] == ' ' ? start + 1 : start);
        if (others > start + (utf8[start] == ' ' ? 1 : 0))
        {
            var slashes = others;
            while (slashes < utf8.Length && utf8[slashes] is (byte)'\r' or (byte)'\n' or (byte)'/')
            {
                slashes++;
            }

            return slashes;
        }

        return SpacesAndLines(utf8, start);
    }

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+</c>; -1 where it does not match.</summary>
    private static int TailedWord(ReadOnlySpan<byte> utf8, int at)
    {
        var afterBoth = -1;
        while (at < utf8.Length)
        {
            var kind = CharacterClasses.At(utf8, at, out var length);
            if (!kind.Has(CharacterClass.WordHead))
            {
                break;
            }

            at += length;
            afterBoth = (kind & Both) == Both ? at : afterBoth;
        }

        // Where no small letter follows the head, the head gives back its end up to a character that is in both parts.
        var end = CharacterClasses.EndOfRun(utf8, at, CharacterClass.WordTail, CharacterClass.WordTail);
        return end > at ? end : afterBoth;
    }

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+</c> where <see cref="TailedWord"/> does not match; -1 where this does not, too.</summary>
    private static int HeadWord(ReadOnlySpan<byte> utf8, int at)
    {
        var end = CharacterClasses.EndOfRun(utf8, at, CharacterClass.WordHead, CharacterClass.WordHead);
        return end > at ? end : -1;
    }
}
