using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>Patterns other than the published ones.</summary>
public sealed class RegexPatternTests
{
    [Theory]
    [InlineData(@"\p{Lo}+", "a𠀀中b", "~a|𠀀中|~b")]
    [InlineData(@"[^\p{L}]", "𝒳😀中", "~𝒳|😀|~中")]
    [InlineData(@"[一-龥]+", "a𠀀中文", "~a𠀀|中文")]
    [InlineData(@"(?i:kiss)", "KiſS Kiss kit", "KiſS|~ |Kiss|~ kit")]
    [InlineData(@"\s++\n|[^\n]", "  \nx", " | |~\n|x")]
    [InlineData(@"\p{N}{1,3}+", "1234567", "1234567")]
    [InlineData(@"\p{N}{1,3}(?=(?:\d{3})*\b)", "", null)]
    [InlineData(@"\p{N}{1,3}(?=(?:\p{N}{3})*(?:\P{N}|$))", "1234567 89", "1|234|567|~ |89")]
    [InlineData(@"^a|b$", "ab\nab", "a|b|~\n|a|b")]
    [InlineData(@"[\]\-\x41\u0042]{,2}?c", "A]-c", "~A|]-c")]
    [InlineData("'(?:[sdmt]|ll|ve|re)| ?", "a's", "|~a|'s")]
    [InlineData(@" ?\p{L}+", "x (abc) In 2001bcd", "x|~ (|abc|~)| In|~ 2001|bcd")]
    [InlineData(" ?b", "bb abbb", "b|b|~ a|b|b|b")]
    [InlineData("a*", "ab 1", "a|~b||~ ||~1|")]
    [InlineData("a*", "", "")]
    [InlineData(@"\w+", "", null)]
    [InlineData(@"\p{Han}", "", null)]
    [InlineData(@"[a-z&&[aeiou]]", "", null)]
    [InlineData(@"(a)\1", "", null)]
    [InlineData(@"(?i:[a-z]+)", "", null)]
    [InlineData(@"(?m:.)", "", null)]
    [InlineData(@"a**", "", null)]
    [InlineData(@"(a", "", null)]
    [InlineData(@"a)", "", null)]
    [InlineData(@"[z-a]", "", null)]
    [InlineData(@"[a", "", null)]
    [InlineData(@"a\", "", null)]
    [InlineData(@"a{2}?", "", null)]
    [InlineData(@"a{3,2}", "", null)]
    [InlineData(@"😀", "", null)]
    public void Is_read_as_Oniguruma_reads_it_or_refused(string regex, string text, string? pieces)
    {
        if (pieces is null)
        {
            Assert.Contains(regex, Assert.Throws<LlamaxException>(() => SplitPattern.Find(regex)).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(pieces, Cut(SplitPattern.Find(regex), text));
    }

    [Fact]
    public void Matches_are_those_of_an_engine_that_goes_back()
    {
        var atom = OneOf("a", "b", "c", "[ab]", "[^a]", @"\p{L}", @"\s", " ", @"(?:a|\s)");
        var part = Gen.Select(atom, OneOf("", "", "?", "+", "*", "{1,2}", "|"), (first, second) => first + second);
        Gen.Select(part.Array[1, 4], Gen.Char["abc  1"].Array[1, 12].Array[30]).Sample(
            (parts, texts) =>
            {
                var regex = string.Concat(parts).TrimEnd('|');
                var (pattern, reference) = (new RegexPattern(regex), new Regex(regex, RegexOptions.CultureInvariant));
                foreach (var text in texts.Select(characters => new string(characters)))
                {
                    Assert.Equal((regex, text, Cut(reference, text)), (regex, text, Cut(pattern, text)));
                }
            }, iter: 500, threads: 1);
    }

    [Theory]
    [InlineData(@"\s?\p{L}+")]
    [InlineData(@"a??[^\p{N}]|\p{N}{1,3}(?=(?:\p{N}{3})*(?:\P{N}|$))")]
    public void Much_text_changes_nothing(string regex)
    {
        var pattern = new RegexPattern(regex);
        var texts = AnyText.Many(500);
        string[] before = [.. texts.Select(text => Cut(pattern, text))];
        pattern.Split(Encoding.UTF8.GetBytes(new string('a', 100_000)), new SplitPieces());
        Assert.Equal(before, texts.Select(text => Cut(pattern, text)));
    }

    [Theory]
    [InlineData(@"(?:a\s?a?)+!", 100, 20)] // One match takes for ever,
    [InlineData(@"(?:a\s?a?){16}!|.", 3000, 1000)] // or a little while at each of many places.
    public void A_pattern_that_goes_back_too_often_is_given_up(string regex, int length, int longestMatch)
    {
        var pattern = new RegexPattern(regex, TimeSpan.FromMilliseconds(longestMatch));
        var message = Assert.Throws<LlamaxException>(() => Cut(pattern, new string('a', length))).Message;
        Assert.Contains(regex, message, StringComparison.Ordinal);
        Assert.Contains($"{length} bytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_beyond_all_measure_is_refused() =>
        Assert.Contains("1000000 characters", Assert.Throws<LlamaxException>(() => new RegexPattern(new string('a', 1_000_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Patterns_one_after_the_other_allocate_nothing_once_they_are_warm()
    {
        var sequence = new SplitSequence(new RegexPattern(@"\p{P}+"), SplitPattern.Gpt2, new RegexPattern("[0-9][0-9][0-9]"));
        var (text, pieces) = (Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("It's 12345, no?! ", 1000))), new SplitPieces());
        for (var i = 0; i < 10; i++)
        {
            sequence.Split(text, pieces);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            sequence.Split(text, pieces);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Cut(SplitPattern pattern, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var result = new SplitPieces();
        pattern.Split(utf8, result);
        var words = new List<string>();
        for (var i = 0; i < result.Count; i++)
        {
            words.Add((result.IsMatch(i) ? "" : "~") + Encoding.UTF8.GetString(utf8.AsSpan((i == 0 ? 0 : result.End(i - 1))..result.End(i))));
        }

        return string.Join('|', words);
    }

    private static string Cut(Regex regex, string text)
    {
        var (words, from) = (new List<string>(), 0);
        foreach (Match match in regex.Matches(text))
        {
            if (match.Length == 0 && match.Index == from && from > 0)
            {
                continue;
            }

            if (match.Index > from)
            {
                words.Add("~" + text[from..match.Index]);
            }

            words.Add(match.Value);
            from = match.Index + match.Length;
        }

        return string.Join('|', from < text.Length ? words.Append("~" + text[from..]) : words);
    }
}
