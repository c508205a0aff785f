using System.Text;
using CsCheck;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class Utf8SegmentationTests
{
    private static readonly string[] Pieces =
    [
        "a", "É", "é", "ж", "9", " ", " ", ".", "'", "-", "’", "\u0301", "\u200D", "\u200C", "\uFE0F", "👩", "🇩", "क", "्", "ि", "ำ", "ก", "犬", "ー", "한", "ᄒ", "ᅡ", "\u0600",
        "\u0D4E", "\r", "\n", "ﾞ", "①", "\u1038", "\U00011366", "\U0001D165", "𝒳", "\u0000", "ー", "·",
    ];

    /// <summary>The parts of the UTF-8 are those of the characters, whatever stands next to what.</summary>
    [Fact]
    public void Words_of_utf8_are_those_of_the_text() => Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(code => new Rune(code).ToString()))
        .Array[0, 16].Sample(pieces =>
        {
            var text = string.Concat(pieces);
            foreach (var segmenter in new IWordSegmenter[] { new WhitespaceSegmenter(), new MaximumMatchSegmenter(["ก犬"]) })
            {
                var (expected, found) = (new List<(int Start, int Length, bool IsWord)>(), new List<(int Start, int Length, bool IsWord)>());
                segmenter.Segment(text, expected);
                var utf8 = Encoding.UTF8.GetBytes(text);
                Utf8Segmentation.Segment(segmenter, utf8, found);
                Assert.Equal(
                    expected.Select(part => (text.Substring(part.Start, part.Length), part.IsWord)),
                    found.Select(part => (Encoding.UTF8.GetString(utf8, part.Start, part.Length), part.IsWord)));
            }
        }, iter: 20_000);

    /// <summary>Every character alone, in a word and behind a sign.</summary>
    [Fact]
    public void Every_character_is_seen_alike()
    {
        var segmenter = new WhitespaceSegmenter();
        var (expected, found) = (new List<(int Start, int Length, bool IsWord)>(), new List<(int Start, int Length, bool IsWord)>());
        for (var code = 0; code < 0x110000; code++)
        {
            if (!Rune.IsValid(code))
            {
                continue;
            }

            var text = $"a{new Rune(code)}b{new Rune(code)}!{new Rune(code)}'{new Rune(code)}";
            expected.Clear();
            found.Clear();
            segmenter.Segment(text, expected);
            segmenter.Segment(Encoding.UTF8.GetBytes(text), found);
            if (!expected.Select(part => (Encoding.UTF8.GetByteCount(text.AsSpan(part.Start, part.Length)), part.IsWord)).SequenceEqual(found.Select(part => (part.Length, part.IsWord))))
            {
                Assert.Fail($"U+{code:X4}");
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_stand_between_words()
    {
        foreach (var segmenter in new IWordSegmenter[] { new WhitespaceSegmenter(), new MaximumMatchSegmenter(["ab"]) })
        {
            var found = new List<(int Start, int Length, bool IsWord)>();
            Utf8Segmentation.Segment(segmenter, [(byte)'a', 0xFF, 0xFE, (byte)'b', 0xE2, 0x82], found);
            Assert.Equal([(0, 1, true), (1, 2, false), (3, 1, true), (4, 2, false)], found);
        }
    }
}
