using System.Globalization;
using CsCheck;
using Llamax.Text.Languages;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class WordSegmenterTests
{
    private static readonly LongestMatchSegmenter Chinese = new(["北京", "北京大学", "大学", "大学生", "生活", "在", "", "apple", "A股"]);
    private static readonly LongestMatchSegmenter Thai = new(["แมว", "กิน", "ปลา", "ที่", "น้ำ", "น้", "ป"]);

    [Theory]
    [InlineData("The cat's well-known, isn't it?", "The|cat's|well-known|isn't|it")]
    [InlineData("l'homme « vis-à-vis » 2021", "l'homme|vis-à-vis|2021")]
    [InlineData("'quoted' - dash--ed-", "quoted|dash|ed")]
    [InlineData("பூனைகள் பாயில் அமர்ந்தன.", "பூனைகள்|பாயில்|அமர்ந்தன")]
    [InlineData("mi\u200cخواهم نمی\u200cدانم", "mi\u200cخواهم|نمی\u200cدانم")]
    [InlineData("cafe\u0301 I ❤\ufe0f 😀", "cafe\u0301|I")]
    [InlineData("col·legi O’Neil", "col·legi|O’Neil")]
    [InlineData("", "")]
    public void Words_between_spaces(string text, string words) => Assert.Equal(words, Words(new WhitespaceSegmenter(), text));

    [Theory]
    [InlineData("北京大学生活在北京。", "北京大学|生活|在|北京")]
    [InlineData("我在北京", "我|在|北京")]
    [InlineData("我在iPhone 15上，大学 生活", "我|在|iPhone|15|上|大学|生活")]
    [InlineData("pineapple apples apple在", "pineapple|apples|apple|在")]
    [InlineData("A股𠮷野", "A股|𠮷|野")]
    [InlineData("二〇二一年", "二|〇|二|一|年")]
    public void Longest_match_in_Chinese(string text, string words) => Assert.Equal(words, Words(Chinese, text));

    [Theory]
    [InlineData("แมวกินปลา", "แมว|กิน|ปลา")]
    [InlineData("แมวที่กินน้ำ ๑๒๓", "แมว|ที่|กิน|น้ำ|๑๒๓")]
    [InlineData("ก้าง", "ก้า|ง")]
    [InlineData("ป่น้ำ", "ป่|น้ำ")] // ป and น้ stand in the lexicon, but not without what belongs to them here.
    public void Longest_match_in_Thai(string text, string words) => Assert.Equal(words, Words(Thai, text));

    [Fact]
    public void Languages_get_the_segmenter_that_their_script_needs()
    {
        Assert.Equal("北京|大|学", Words(WordSegmenters.For(LanguageRegistry.Default.Get("zh"), ["北京"]), "北京大学"));
        Assert.Equal("แมว|กิน", Words(WordSegmenters.For(LanguageRegistry.Default.Get("th"), ["แมว"]), "แมวกิน"));
        Assert.Equal("el|gato", Words(WordSegmenters.For(LanguageRegistry.Default.Get("es"), ["e", "l"]), "el gato"));
    }

    [Fact]
    public void Parts_cover_any_text_in_order_and_part_no_mark_from_its_base()
    {
        string[] fragments = ["a", "b'c", "-", " ", ",", "中", "国", "แ", "ม", "ว", "ที่", "ำ", "\u0301", "\u200d", "😀", "\ud800", "ந்", "ー", "\r\n", "1"];
        var texts = Gen.OneOf(Gen.String, Gen.Int[0, fragments.Length - 1].Select(i => fragments[i]).Array[0, 30].Select(string.Concat));
        foreach (var segmenter in new IWordSegmenter[] { new WhitespaceSegmenter(), Chinese, Thai, new MaximumMatchSegmenter(["ab", "中国", "แม", "ที่", "中a"]) })
        {
            texts.Sample(text =>
            {
                var segments = new List<(int Start, int Length, bool IsWord)>();
                segmenter.Segment(text, segments);
                var end = 0;
                foreach (var (start, length, _) in segments)
                {
                    Assert.Equal(end, start);
                    Assert.True(length > 0);
                    end = start + length;
                }

                Assert.Equal(text.Length, end);
                var clusters = StringInfo.ParseCombiningCharacters(text);
                Assert.All(segments, segment => Assert.Contains(segment.Start, clusters));
            });
        }
    }

    private static string Words(IWordSegmenter segmenter, string text)
    {
        var segments = new List<(int Start, int Length, bool IsWord)>();
        segmenter.Segment(text, segments);
        return string.Join('|', segments.Where(segment => segment.IsWord).Select(segment => text.Substring(segment.Start, segment.Length)));
    }
}
