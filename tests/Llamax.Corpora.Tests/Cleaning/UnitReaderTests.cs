using System.Text;
using Llamax.Corpora.Cleaning.Spans;
using Llamax.Text.Characters;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class UnitReaderTests
{
    [Theory]
    [InlineData("Hello, World", "hello world")]
    [InlineData("ＨＥＬＬＯ", "hello")]
    [InlineData("café", "cafe\u0301")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")]
    [InlineData("ΊΣΥΦΟΣ", "ισυφος")]
    [InlineData("مُحَمَّد", "محمد")] // Vowel points.
    [InlineData("محـــمد", "محمد")] // A letter that is drawn long.
    [InlineData("أحمد", "احمد")]
    [InlineData("ড়", "ড\u09BC")] // One character, or two.
    [InlineData("ガ", "カ\u3099")]
    [InlineData("ｶﾞ", "ガ")] // Half width.
    [InlineData("١٢٣", "123")]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("soft\u00ADhyphen", "softhyphen")]
    [InlineData("don’t", "don't")]
    [InlineData("中文，好。", "中文好")]
    [InlineData("한국어 값", "\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165 \u1100\u1161\u11B9")] // Syllables, or their letters.
    [InlineData("কো কৌ", "ক\u09C7\u09BE ক\u09C7\u09D7")]
    [InlineData("கொ கோ", "க\u0BC6\u0BBE க\u0BC7\u0BBE")]
    [InlineData("น้ำ", "น้\u0E4Dา")]
    [InlineData("ﬁnd oﬃce", "find office")] // Ligatures.
    [InlineData("ﷺ ﻻ", "صلى الله عليه وسلم لا")]
    [InlineData("Ǆ ŉ ½", "dž ʼn 1⁄2")]
    public void Texts_that_are_held_to_be_the_same(string one, string other) => Assert.Equal(Units(one), Units(other));

    [Theory]
    [InlineData("cat", "cut")]
    [InlineData("12", "13")]
    [InlineData("कि", "की")] // Vowel signs are letters' business.
    [InlineData("กา", "กี")]
    [InlineData("中", "国")]
    [InlineData("abc", "ab c")]
    [InlineData("й", "к")]
    public void Texts_that_are_not(string one, string other) => Assert.NotEqual(Units(one), Units(other));

    [Theory]
    [InlineData("two words", "12 12")]
    [InlineData("中文", "6 6")]
    [InlineData("かな", "4 4")]
    [InlineData("ไทย", "3 3 3")]
    [InlineData("ក\u17D2ខ\u200Bគ", "3 3 3")]
    [InlineData("iPhone是手机", "12 6 6 6")]
    [InlineData("第3章", "6 12 6")]
    [InlineData("한국어 텍스트", "12 12")]
    [InlineData("— … !", "")]
    [InlineData("", "")]
    public void Words_and_characters_by_what_they_are_worth(string text, string worths) =>
        Assert.Equal(worths, string.Join(' ', Units(text).Select(unit => unit.Worth)));

    /// <summary>Every character that Unicode has composed of others, within a word.</summary>
    [Fact]
    public void Composed_and_decomposed_characters_are_the_same()
    {
        var (normal, composed, others) = (new NormalForm(), 0, new List<string>());
        for (var code = 0x80; code < 0x33480; code++)
        {
            if (Rune.IsValid(code) && DecomposedText.Of(new Rune(code), normal) is { } parts)
            {
                composed++;
                if (!Units($"a{new Rune(code)}b").SequenceEqual(Units($"a{parts}b")))
                {
                    others.Add($"U+{code:X4}");
                }
            }
        }

        Assert.Empty(others);
        Assert.InRange(composed, 11_172 + 2_000, 20_000);
    }

    private static List<(ulong Hash, int Worth)> Units(string text)
    {
        var reader = new UnitReader(Encoding.UTF8.GetBytes(text));
        var units = new List<(ulong, int)>();
        while (reader.TryNext(out var hash, out var worth))
        {
            units.Add((hash, worth));
        }

        return units;
    }
}
