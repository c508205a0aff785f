using Llamax.Corpora.Patterns;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Patterns;

public class PatternWorldTests
{
    [Theory]
    [InlineData("[dog]", "[the dog]", "world.txt:4: the word marked in 'the [the dog]' must not contain a space")]
    [InlineData("[dog]", "[do][g]", "world.txt:4: 'the [do][g]' must mark one word")]
    [InlineData("gender = f", "sex = f", "world.txt:11: 'cow' has no trait 'fr: gender = …', which pattern 'colour' (world.txt:43) needs")]
    [InlineData("f: [blanche]", "g: [blanche]", "world.txt:20: 'white' has no form 'fr.f', which pattern 'colour' (world.txt:43) needs")]
    [InlineData("{animal#2.object}", "{animal#2.objct}", "world.txt:3: 'dog' has no form 'ta.objct', which pattern 'act' (world.txt:48) needs")]
    [InlineData("{animal} is", "{animl} is", "pattern 'colour' fills animal, colour in 'fr' but animl, colour in 'en'")]
    [InlineData("{animal} is", "{animal is", "world.txt:42: '{animal is ' is no hole")]
    [InlineData("fr: le [chat] | gender = m", "", "world.txt:7: 'cat' has no line for 'fr'")]
    [InlineData("  ta: {animal} {colour} இருக்கிறது.", "", "world.txt:41: pattern 'colour' has no line for 'ta'")]
    [InlineData("languages: en fr ta", "languages: en fr tam2", "world.txt:1: no language has the code 'tam2'; the nearest is ")]
    [InlineData("languages: en fr ta", "languages: en ta", "world.txt:5: 'fr' is none of the world's languages")]
    [InlineData("languages: en fr ta", "languages: en fr ta en", "world.txt:1: write 'en', once")]
    [InlineData("slot verb", "slot colour", "world.txt:32: 'colour' is declared twice")]
    [InlineData("slot verb", "slot verb two", "world.txt:32: 'slot verb two' is not understood here")]
    [InlineData("pattern act weight 3", "pattern act weight 0", "world.txt:45: 'pattern act weight 0' is not understood here")]
    [InlineData("link: ப்", "object: x | object: y", "world.txt:36: the form 'ta.object' of 'see' is listed twice")]
    public void A_mistake_is_named_with_its_line(string right, string wrong, string message)
    {
        Assert.Contains(right, SmallWorld.Text);
        var first = SmallWorld.Text.IndexOf(right, StringComparison.Ordinal);
        var text = SmallWorld.Text[..first] + wrong + SmallWorld.Text[(first + right.Length)..];

        var error = Assert.Throws<LlamaxException>(() => SmallWorld.Load(text));

        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("union a: animal b\nunion b: a", "the union 'a' holds itself")]
    [InlineData("union a: animal person", "no slot is called 'person'")]
    [InlineData("slot person", "the slot 'person' has no fillers")]
    public void Unions_are_checked(string lines, string message) =>
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => SmallWorld.Load(SmallWorld.Text + "\n" + lines)).Message);

    [Fact]
    public void A_folder_without_pattern_files_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no pattern files", Assert.Throws<LlamaxException>(() => PatternWorld.Load(folder.Path)).Message);
        Assert.Contains("no such folder", Assert.Throws<LlamaxException>(() => PatternWorld.Load(folder.File("none"))).Message);
    }

    [Fact]
    public void A_world_too_large_to_enumerate_is_refused()
    {
        var holes = string.Join(' ', Enumerable.Range(2, 8).Select(i => $"{{animal#{i}}} {{colour#{i}}}"));
        var text = SmallWorld.Text + $"\npattern huge\n  en: {holes}\n  fr: {holes}\n  ta: {holes}";
        Assert.Contains("more than 2,000,000 sentences", Assert.Throws<LlamaxException>(() => SmallWorld.Load(text)).Message);
    }

    [Fact]
    public void Order_of_files_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        var cut = SmallWorld.Text.IndexOf("pattern colour", StringComparison.Ordinal);
        File.WriteAllText(folder.File("a.txt"), SmallWorld.Text[cut..]);
        File.WriteAllText(folder.File("b.txt"), SmallWorld.Text[..cut]);
        Assert.Equal(["en", "fr", "ta"], PatternWorld.Load(folder.Path).Languages.Select(language => language.Code));
    }
}
