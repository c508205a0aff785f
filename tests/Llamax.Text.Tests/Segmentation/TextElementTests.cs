using System.Text;
using CsCheck;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class TextElementTests
{
    private static readonly string[] Pieces =
    [
        "a", "É", " ", "'", "\u0301", "\u0323", "\u200D", "\u200C", "\uFE0F", "👩", "🇩", "क", "\u094D", "ि", "ก", "ำ", "ี", "่", "犬", "ゞ", "ﾞ", "한", "ᄒ", "ᅡ", "ᆫ", "\u0600",
        "\u0D4E", "\r", "\n", "\u200B", "\u1039", "\u17D2", "က", "ក", "ແ", "ຳ", "\u0EB1", "©", "\U000110BD", "\U00011366", "\uD800", "\uDC00", "①",
    ];

    /// <summary>The clusters of the table are those of the runtime, whatever stands next to what.</summary>
    [Fact]
    public void Clusters_are_those_of_the_runtime() => Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.Int[0, 0xFFFF].Select(code => ((char)code).ToString()))
        .Array[1, 10].Sample(pieces => Compare(string.Concat(pieces)), iter: 50_000);

    /// <summary>Every character of the basic plane, before and behind letters, marks and signs.</summary>
    [Fact]
    public void Every_character_is_seen_alike()
    {
        for (var code = 0; code < 0x10000; code++)
        {
            Compare($"{(char)code}a{(char)code}\u0301{(char)code}क{(char)code}क{(char)code}👩{(char)code}👩ก{(char)code}ำ{(char)code}");
        }
    }

    private static void Compare(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var expected = TextElement.EndOfCluster(text, start, out var kind);
            expected = text[start] == '\r' ? start + 1 : expected; // The two signs of a line end are two elements, both of no word.
            var end = TextElement.End(text, start, out var found);
            if (end != expected || kind != found)
            {
                Assert.Fail($"{string.Join(' ', text.Select(unit => $"{(int)unit:X4}"))} at {start}: {end} {found} where {expected} {kind} is right");
            }

            start = end;
        }
    }
}
