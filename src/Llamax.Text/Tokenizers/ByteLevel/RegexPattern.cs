using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// A pattern that is none of the published ones, through .NET's engine. That engine matches UTF-16 code units while the
/// reference libraries match characters; so every character beyond U+FFFF is shown to it as one of the same general
/// category below that the pattern does not name.
/// </summary>
internal sealed class RegexPattern : SplitPattern
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(10);

    private readonly string source;
    private readonly Regex regex;
    private readonly char[] standIns = new char[30]; // By general category; U+0000 where there is none.

    /// <summary>Prepares the pattern.</summary>
    /// <param name="source">In Oniguruma's Ruby syntax.</param>
    /// <exception cref="LlamaxException">It is not sound, or uses what is not known to mean the same in both engines.</exception>
    public RegexPattern(string source)
    {
        this.source = source;
        var translated = RegexTranslator.Translate(source, out var mentioned);
        try
        {
            regex = Build(translated);
        }
        catch (ArgumentException exception)
        {
            throw new LlamaxException($"The split pattern {source} is not a sound regular expression: {exception.Message}", exception);
        }

        for (var c = 0xFFFF; c > 0xFF; c--)
        {
            if (!mentioned.Any(range => range.First <= c && c <= range.Last))
            {
                standIns[(int)CharUnicodeInfo.GetUnicodeCategory((char)c)] = (char)c;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LlamaxException">The pattern takes too long for the text.</exception>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        pieces.Clear();
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            Cut(utf8, characters.AsSpan(0, Show(utf8, characters)), pieces);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new LlamaxException(
                $"The split pattern {source} takes more than {LongestMatch.TotalSeconds:0} s for one word of a text of {utf8.Length} bytes. "
                + "Give the text in smaller parts.", exception);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static Regex Build(string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Compiled, LongestMatch);
        }
    }

    private void Cut(ReadOnlySpan<byte> utf8, ReadOnlySpan<char> characters, SplitPieces pieces)
    {
        var (from, at, place) = (0, 0, 0); // The end of the last match; a place in the characters, and the same in bytes.
        foreach (var match in regex.EnumerateMatches(characters))
        {
            if (match.Index > from)
            {
                Advance(utf8, match.Index - at, ref place);
                pieces.Add(place, isMatch: false);
                at = match.Index;
            }

            from = match.Index + match.Length;
            Advance(utf8, from - at, ref place);
            pieces.Add(place);
            at = from;
        }

        if (place < utf8.Length)
        {
            pieces.Add(utf8.Length, isMatch: false);
        }
    }

    private static void Advance(ReadOnlySpan<byte> utf8, int count, ref int place)
    {
        for (; count > 0; count--)
        {
            place += utf8[place] < 0x80 ? 1 : utf8[place] < 0xE0 ? 2 : utf8[place] < 0xF0 ? 3 : 4;
        }
    }

    /// <summary>Writes one code unit per character; returns how many.</summary>
    private int Show(ReadOnlySpan<byte> utf8, Span<char> characters)
    {
        var count = 0;
        for (; utf8.Length > 0; count++)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            utf8 = utf8[length..];
            characters[count] = rune.IsBmp ? (char)rune.Value : standIns[(int)Rune.GetUnicodeCategory(rune)];
        }

        return count;
    }
}
