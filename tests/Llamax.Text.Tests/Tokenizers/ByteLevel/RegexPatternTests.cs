using System.Text;
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
    [InlineData("'(?:[sdmt]|ll|ve|re)| ?", "a's", "|~a|'s|")]
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

        var utf8 = Encoding.UTF8.GetBytes(text);
        var result = new SplitPieces();
        SplitPattern.Find(regex).Split(utf8, result);
        var words = new List<string>();
        for (var i = 0; i < result.Count; i++)
        {
            words.Add((result.IsMatch(i) ? "" : "~") + Encoding.UTF8.GetString(utf8.AsSpan((i == 0 ? 0 : result.End(i - 1))..result.End(i))));
        }

        Assert.Equal(pieces, string.Join('|', words));
    }
}
