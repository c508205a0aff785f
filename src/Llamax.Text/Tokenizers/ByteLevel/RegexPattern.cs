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
/// <remarks>
/// The engine is the one that goes back. .NET's other one, which takes linear time for every match, passes over matches of
/// patterns that begin with something optional, such as <c>\s?\p{L}+</c> (dotnet/runtime, pull request 130176). So the time is
/// limited, that of one match and that of a text.
/// </remarks>
internal sealed class RegexPattern : SplitPattern
{
    private const int SlowestBytes = 10; // By the millisecond; a machine that does nothing else takes some thousand.
    private const int WorthCompiling = 1 << 16; // Bytes of text.
    private const int LongestPattern = 10_000; // Characters; published ones have some hundred.

    private readonly string source;
    private readonly TimeSpan longestMatch;
    private readonly char[] standIns = new char[30]; // By general category; U+0000 where there is none.
    private volatile Regex regex;
    private long seen; // Bytes of text until then.

    /// <summary>Prepares the pattern.</summary>
    /// <param name="source">In Oniguruma's Ruby syntax.</param>
    /// <param name="longestMatch">How long one match may take; 10 s where nothing is said. A text may take so long, and longer in proportion to its length.</param>
    /// <exception cref="LlamaxException">It is not sound, or uses what is not known to mean the same in both engines.</exception>
    public RegexPattern(string source, TimeSpan? longestMatch = null)
    {
        if (source.Length > LongestPattern)
        {
            throw new LlamaxException($"The split pattern {source[..100]}… has {source.Length} characters; more than {LongestPattern} are not supported.");
        }

        (this.source, this.longestMatch) = (source, longestMatch ?? TimeSpan.FromSeconds(10));
        var translated = RegexTranslator.Translate(source, out var mentioned);
        try
        {
            regex = new Regex(translated, RegexOptions.CultureInvariant, this.longestMatch);
        }
        catch (ArgumentException exception)
        {
            throw new LlamaxException($"The split pattern {source} is not a sound regular expression: {exception.Message}", exception);
        }

        var ranges = mentioned.OrderBy(range => range.First).ToArray();
        for (var (c, next, end) = (0x100, 0, -1); c <= 0xFFFF; c++)
        {
            for (; next < ranges.Length && ranges[next].First <= c; next++)
            {
                end = Math.Max(end, ranges[next].Last);
            }

            ref var standIn = ref standIns[(int)CharUnicodeInfo.GetUnicodeCategory((char)c)];
            standIn = standIn == '\0' && c > end ? (char)c : standIn;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LlamaxException">The pattern takes too long for the text.</exception>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        pieces.Clear();
        if (utf8.IsEmpty)
        {
            return; // Not even an empty match, as in the library.
        }

        CompileWhenWorthIt(utf8.Length);
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            Cut(utf8, characters.AsSpan(0, Show(utf8, characters)), pieces);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new LlamaxException(
                $"The split pattern {source} takes too long for a text of {utf8.Length} bytes: it can match the same words in too many ways. "
                + "Give the text in smaller parts, or write the pattern otherwise.", exception);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <summary>Compiling takes milliseconds and memory for each pattern: more than reading a file with many of them may take.</summary>
    private void CompileWhenWorthIt(int bytes)
    {
        if (seen < WorthCompiling)
        {
            seen += bytes; // A few that get lost between threads do not matter.
            if (seen >= WorthCompiling)
            {
                regex = new Regex(regex.ToString(), regex.Options | RegexOptions.Compiled, longestMatch);
            }
        }
    }

    private void Cut(ReadOnlySpan<byte> utf8, ReadOnlySpan<char> characters, SplitPieces pieces)
    {
        var (from, at, place) = (0, 0, 0); // The end of the last match; a place in the characters, and the same in bytes.
        var latest = Environment.TickCount64 + (long)longestMatch.TotalMilliseconds + (utf8.Length / SlowestBytes);
        foreach (var match in regex.EnumerateMatches(characters))
        {
            if (Environment.TickCount64 > latest)
            {
                throw new RegexMatchTimeoutException();
            }

            if (match.Length == 0 && match.Index == from && from > 0)
            {
                continue; // Oniguruma passes over an empty match right behind another match.
            }

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
