using System.Text;
using Llamax.Corpora.Cleaning.Spans;

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
