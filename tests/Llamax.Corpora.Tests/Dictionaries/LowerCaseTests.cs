using System.Buffers;
using System.Text;
using CsCheck;
using Llamax.Corpora.Dictionaries;

namespace Llamax.Corpora.Tests.Dictionaries;

public sealed class LowerCaseTests
{
    [Theory]
    [InlineData("en", "The I and the İ", "the i and the i\u0307")]
    [InlineData("tr", "ISPARTA İzmir Iğdır", "ısparta izmir ığdır")]
    [InlineData("az", "I\u0307ndi I\u0323\u0307 I\u0301", "indi i\u0323 ı\u0301")]
    [InlineData("crh", "QIRIM", "qırım")]
    [InlineData("lt", "RIMTA Ì Í Ĩ I\u0300 J\u0301 Į\u0303 I\u0323", "rimta i\u0307\u0300 i\u0307\u0301 i\u0307\u0303 i\u0307\u0300 j\u0307\u0301 į\u0307\u0303 i\u0323")]
    [InlineData("el", "ΟΔΟΣ ΟΔΟΣ. ΣΑΣ Σ 1Σ ΑΣ'Α ΑΣ\u0301 Α.Σ ΌΣ", "οδος οδος. σας σ 1σ ασ'α ας\u0301 α.ς ός")]
    [InlineData("nl", "IJsland DIJK", "ijsland dijk")]
    [InlineData("hr", "ǅǄǈ Ǌ", "ǆǆǉ ǌ")]
    [InlineData("de", "STRAẞE Ⱥ \u212A\u212B", "straße ⱥ kå")]
    [InlineData("ka", "ᲗᲑᲘᲚᲘᲡᲘ თბილისი", "თბილისი თბილისი")]
    [InlineData("ru", "МОСКВА Ѐ", "москва ѐ")]
    [InlineData("hy", "ԵՐԵՎԱՆ", "երեվան")]
    [InlineData("ff", "\U0001E900 Ꭰ Ａ", "\U0001E922 ꭰ ａ")]
    [InlineData("zh", "北京 ไทย हिन्दी العربية 한국어", "北京 ไทย हिन्दी العربية 한국어")]
    public void Each_language_has_its_rules(string language, string text, string expected) =>
        Assert.Equal(expected, LowerCase.For(language).Of(text));

    [Fact]
    public void What_is_in_lower_case_stays_and_no_text_grows_beyond_the_bound() => Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[0, 12].Sample(codes =>
    {
        var text = string.Concat(codes.Select(code => new Rune(code).ToString()));
        foreach (var language in new[] { "en", "tr", "lt" })
        {
            var lower = LowerCase.For(language).Of(text);
            Assert.Equal(lower, LowerCase.For(language).Of(lower));
        }
    });

    [Theory]
    [InlineData("en", "\u0130Σ")]
    [InlineData("tr", "\u0130ΣI")]
    [InlineData("lt", "\u0130ΣÌÍĨ")]
    public void Away_from_the_special_cases_it_is_the_simple_mapping(string language, string special)
    {
        for (var code = 0; code < 0x110000; code++)
        {
            if (Rune.IsValid(code) && !(code < 0x10000 && special.Contains((char)code, StringComparison.Ordinal)))
            {
                var expected = Rune.ToLowerInvariant(new Rune(code)).ToString();
                Assert.Equal(expected, LowerCase.For(language).Of(new Rune(code).ToString()));
            }
        }
    }

    /// <summary>Characters of every kind, and bytes that are none, side by side.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("tr")]
    [InlineData("lt")]
    public void Each_character_is_put_into_lower_case_for_itself(string language)
    {
        byte[][] broken = [[0xFF], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0xA4], [0xE1], [0xE1, 0x80], [0xE3, 0x81], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x80]];
        var code = Gen.OneOf(Gen.Int[0, 0x7F], Gen.Int[0, 0x7F], Gen.Int[0x80, 0x24F], Gen.Int[0x370, 0x1FFF], Gen.Int[0x2000, 0xFFFF], Gen.Int[0x10000, 0x10FFFF])
            .Where(code => Rune.IsValid(code) && !"IJ\u0130\u0307\u012EÌÍĨΣ".Contains(new Rune(code).ToString(), StringComparison.Ordinal));
        Gen.OneOf(code.Select(code => Encoding.UTF8.GetBytes(new Rune(code).ToString())), Gen.Int[0, broken.Length - 1].Select(i => broken[i])).Array[0, 40].Sample(pieces =>
        {
            byte[] text = [.. pieces.SelectMany(piece => piece)];
            var expected = new List<byte>();
            for (var at = 0; at < text.Length;)
            {
                var isText = Rune.DecodeFromUtf8(text.AsSpan(at), out var rune, out var length) == OperationStatus.Done;
                expected.AddRange(isText ? Encoding.UTF8.GetBytes(Rune.ToLowerInvariant(rune).ToString()) : text[at..(at + length)]);
                at += length;
            }

            var output = new byte[LowerCase.MaximumLength(text.Length)];
            Assert.Equal(expected, output[..LowerCase.For(language).Write(text, output)]);
        }, iter: 5_000);
    }

    [Fact]
    public void Bytes_that_are_no_text_stay()
    {
        var output = new byte[LowerCase.MaximumLength(5)];
        Assert.Equal([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82], output[..LowerCase.For("tr").Write([(byte)'A', 0xFF, (byte)'B', 0xE2, 0x82], output)].ToArray());
        Assert.Equal([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82], output[..LowerCase.For("en").Write([(byte)'A', 0xFF, (byte)'B', 0xE2, 0x82], output)].ToArray());
    }
}
