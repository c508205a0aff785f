using CsCheck;
using Llamax.Text.Languages;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class TextCutterTests
{
    [Fact]
    public void Parts_and_gaps_are_the_text_and_each_part_fits() =>
        Gen.Select(Gen.OneOf(Gen.Char, Gen.Char[" .!?。\nabcdefgh"]).Array[1, 120], Gen.Int[8, 40], Gen.Int[1, 30]).Sample((characters, room, sentence) =>
        {
            var text = new string(characters);
            var parts = new TextCutter(part => part.Length, part => part.Length <= room, sentence).Cut(text);
            Assert.NotNull(parts);
            Assert.Equal(text, string.Concat(parts.Select(part => part.Text + part.Gap)));
            Assert.All(parts, part => Assert.True(part.Text.Length <= room || !TextCutter.HasLetter(part.Text)));
        });

    [Fact]
    public void A_short_line_stays_whole() =>
        Assert.Equal("Tea. Milk.", Assert.Single(new TextCutter(part => part.Length, _ => true, 10).Cut("Tea. Milk.")!).Text);

    [Fact]
    public void What_no_cut_can_mend_is_said() => Assert.Null(new TextCutter(part => part.Length, _ => false, 10).Cut("Tea. Milk. And some more."));

    [Theory]
    [InlineData("zh", " ", "")]
    [InlineData("en", "", " ")]
    [InlineData("en", "  ", "  ")]
    [InlineData("zh", "\n\n", "\n\n")]
    public void Gaps_are_those_of_the_target_language(string to, string gap, string expected) =>
        Assert.Equal(expected, TextCutter.GapBehind(new TextPart("x", gap, false), last: false, LanguageRegistry.Default.Get(to)));
}
