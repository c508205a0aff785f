using System.Diagnostics;
using System.Text;
using CsCheck;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

public sealed class SplitPatternTests
{
    public static TheoryData<string> Regexes =>
        [SplitPattern.Gpt2Regex, SplitPattern.Llama3Regex, SplitPattern.Qwen2Regex, SplitPattern.O200kRegex];

    [Theory]
    [MemberData(nameof(Regexes))]
    public void A_scanner_cuts_as_the_regular_expression_does(string regex)
    {
        var scanner = Assert.IsAssignableFrom<WordScanner>(SplitPattern.Find(regex));
        var engine = new RegexPattern(regex);
        AnyText.Gen.Sample(text => Assert.Equal(Cut(engine, text), Cut(scanner, text)), iter: 20_000);
    }

    [Fact]
    public void Cohere_isolates_numbers_first()
    {
        var (isolated, words) = (new RegexPattern(@"\p{N}"), new RegexPattern(SplitPattern.Gpt2Regex));
        AnyText.Gen.Sample(
            text => Assert.Equal(Cut(isolated, text).SelectMany(part => Cut(words, part)), Cut(SplitPattern.CommandR, text)), iter: 20_000);
    }

    [Theory]
    [InlineData("gpt2", "I've  got 12345 'Sheep'\n\n ok", "I|'ve| | got| 12345| '|Sheep|'|\n\n| ok")]
    [InlineData("llama3", "I'VE  got 12345 'Sheep'\n\n ok ", "I|'VE| | got| |123|45| '|Sheep|'\n\n| ok| ")]
    [InlineData("qwen2", "a 12\n \n  b'ſx", "a| |1|2|\n \n| | b|'ſ|x")]
    [InlineData("command-r", "x  12 y", "x|  |1|2| y")]
    [InlineData("o200k", "HTMLParser's McDonald'S/\n中Ab", "HTMLParser's| Mc|Donald'S|/\n|中Ab")]
    public void Words_are_those_of_the_published_patterns(string name, string text, string words)
    {
        var pattern = name switch
        {
            "gpt2" => SplitPattern.Gpt2,
            "llama3" => SplitPattern.Llama3,
            "qwen2" => SplitPattern.Qwen2,
            "command-r" => SplitPattern.CommandR,
            _ => SplitPattern.O200k,
        };
        Assert.Equal(words, string.Join('|', Cut(pattern, text)));
    }

    [Fact]
    public void The_classes_are_those_of_Unicode_16()
    {
        // Counts of the reference libraries (Oniguruma 6.9.10, and Rust's regex in tiktoken 1.0.22), which have the same sets.
        int Count(CharacterClass wanted) => Enumerable.Range(0, 0x110000).Count(c => c is < 0xD800 or > 0xDFFF && CharacterClasses.Of(c).HasFlag(wanted));
        Assert.Equal(141_028, Count(CharacterClass.Letter));
        Assert.Equal(1_911, Count(CharacterClass.Number));
        Assert.Equal(25, Count(CharacterClass.Space));
        Assert.Equal(2, Count(CharacterClass.Newline));
        Assert.Equal(1_858 + 31 + 404 + 136_477 + 2_501, Count(CharacterClass.WordHead));
        Assert.Equal(2_258 + 404 + 136_477 + 2_501, Count(CharacterClass.WordTail));
    }

    [Theory]
    [InlineData(10, "a")]
    [InlineData(10, "中")]
    [InlineData(10, " ")]
    [InlineData(10, "!")]
    [InlineData(10, "1")]
    [InlineData(10, "\n ")]
    public void Ten_million_characters_without_a_word_s_end_take_no_time(int million, string part)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, million * 1_000_000 / part.Length)));
        var pieces = new SplitPieces();
        foreach (var pattern in new[] { SplitPattern.Gpt2, SplitPattern.CommandR, SplitPattern.Llama3, SplitPattern.Qwen2, SplitPattern.O200k })
        {
            var clock = Stopwatch.StartNew();
            pattern.Split(text, pieces);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{pattern}: {clock.Elapsed}");
            Assert.Equal(text.Length, pieces.End(pieces.Count - 1));
        }
    }

    internal static List<string> Cut(SplitPattern pattern, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var pieces = new SplitPieces();
        pattern.Split(utf8, pieces);
        var words = new List<string>();
        for (var i = 0; i < pieces.Count; i++)
        {
            words.Add(Encoding.UTF8.GetString(utf8.AsSpan((i == 0 ? 0 : pieces.End(i - 1))..pieces.End(i))));
        }

        return words;
    }
}
