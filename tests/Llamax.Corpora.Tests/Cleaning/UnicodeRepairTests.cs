using System.Globalization;
using System.Text;
using CsCheck;
using Llamax.Corpora.Cleaning;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class UnicodeRepairTests
{
    private static readonly CleaningOptions Defaults = new();

    [Theory]
    [InlineData("plain text\twith a tab\nand a line", "plain text\twith a tab\nand a line")]
    [InlineData("a\0b\u0007c\u001Bd\u007Fe", "abcde")]
    [InlineData("a\r\nb\rc\vd\u2028e", "a\nb\nc\nd\ne")]
    [InlineData("\uFEFFa\uFEFFb", "ab")]
    [InlineData("it\u0092s \u0093so\u0094\u0081", "it’s “so”")] // Windows-1252 read as Latin-1.
    [InlineData("soft\u00ADhyphen \u200Babc\u2060\u200E\u202Ddef\u2069\uFFFE\uFDD0", "softhyphen abcdef\u2069")]
    [InlineData(" \u200B \u200E ", null)]
    [InlineData("می\u200Cخواهم \u200Cالف", "می\u200Cخواهم الف")] // A joiner stays behind a letter that needs it.
    [InlineData("ab\u200Cc क्\u200Dष 👩\u200D🚀", "abc क्\u200Dष 👩\u200D🚀")]
    [InlineData("ក\u200Bខ a\u200Bb", "ក\u200Bខ ab")] // Khmer's words.
    public void Invisible_characters_go_where_they_are_junk(string text, string? expected) => Assert.Equal(expected?.Replace("\u2069", ""), Cleaned.Text(Defaults, text));

    [Theory]
    [InlineData("C'est dÃ©jÃ\u00A0 l'Ã©tÃ©", "C'est déjà l'été")]
    [InlineData("Itâ€™s fine", "It’s fine")]
    [InlineData("Itâ\u0080\u0099s fine", "It’s fine")]
    [InlineData("ItÃ¢â‚¬â„¢s fine", "It’s fine")] // Twice.
    [InlineData("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", "Привет, мир")]
    [InlineData("à¤¨à¤®à¤¸à¥\u008Dà¤¤à¥‡", "नमस्ते")]
    [InlineData("ä½\u00A0å¥½", "你好")]
    [InlineData("ðŸ˜€!", "😀!")]
    [InlineData("20Â°C", "20°C")]
    [InlineData("schÃ¶n\nschön", "schön\nschön")] // Line by line.
    public void Utf8_that_was_read_as_Windows_1252_is_undone(string text, string expected) => Assert.Equal(expected, Cleaned.Text(Defaults, text));

    [Theory]
    [InlineData("“IRMÔ e “IRMÔ")]
    [InlineData("IRMÃ…")]
    [InlineData("Il a gagné…»")]
    [InlineData("« Voilà »")]
    [InlineData("Voilà »")]
    [InlineData("Ä… ja")]
    [InlineData("CAFÉ»")]
    [InlineData("NÃO é assim")]
    [InlineData("Ã© é")] // One that is no sequence speaks against all others.
    [InlineData("Ðið")]
    public void What_only_looks_like_it_stays(string text) => Assert.Equal(text, Cleaned.Text(Defaults, text));

    [Fact]
    public void Any_text_comes_back_from_Windows_1252_or_stays_as_it_went()
    {
        var words = "plain café été à naïve ça señor ação für schön žluť łąka Привет мир 中文 हिन्दी “quoted” … – 5€ 20°C «non» Ä Ã É".Split(' ');
        var latin = new CharacterTable();
        var undone = 0;
        Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[1, 8].Select(chosen => string.Join(' ', chosen)).Sample(
            text =>
            {
                Assert.Equal(text, Cleaned.Text(Defaults, text)); // A text that is right is never touched.
                var back = Cleaned.Text(Defaults, latin.Read(Encoding.UTF8.GetBytes(text)));
                Assert.True(back == text || back == latin.Read(Encoding.UTF8.GetBytes(text)));
                undone += back == text ? 1 : 0;
            },
            iter: 2000,
            threads: 1);
        Assert.InRange(undone, 1900, 2000);
    }

    [Fact]
    public void Texts_that_lost_letters_go_and_large_ones_lose_the_marks_of_it()
    {
        var counts = new CleaningCounts();
        Assert.Null(Cleaned.Text(Defaults, "caf\uFFFD noir", counts));
        var large = string.Concat(Enumerable.Repeat("word ", 400));
        Assert.Equal(large.Trim(), Cleaned.Text(Defaults, "\uFFFD" + large, counts));
        Assert.Equal("caf noir", Cleaned.Text(Defaults with { MaxDamage = 1 }, "caf\uFFFD noir", counts));
        Assert.Equal("caf\uFFFD noir", Cleaned.Text(Defaults with { Unicode = false }, "caf\uFFFD noir", counts));
        Assert.Equal(["max_damage en 1", "unicode en 2"], counts.Lines());
    }

    [Fact]
    public void Normal_form_C_joins_accents_to_letters()
    {
        Assert.Equal("e\u0301", Cleaned.Text(Defaults, "e\u0301"));
        var counts = new CleaningCounts();
        Assert.Equal("é 가 \u0915\u093C", Cleaned.Text(Defaults with { Nfc = true }, "e\u0301 \u1100\u1161 \u0958", counts));
        Assert.Equal("é", Cleaned.Text(Defaults with { Nfc = true }, "é", counts));
        Assert.Equal(["unicode en 1"], counts.Lines());
    }

    /// <summary>Every line of 102 languages: professional text, in which little is to be repaired but for what cannot be seen.</summary>
    [Fact]
    public void Good_text_of_all_languages_stays()
    {
        var cleaner = new Cleaner(Defaults);
        var repaired = FloresLines.Lines("dev").SelectMany(each =>
        {
            var cleaned = Cleaned.Records(cleaner, [each.Key], new CleaningCounts(), [.. each.Value.Select(line => new[] { line })]);
            return each.Value.Select((line, i) => (Language: each.Key, Line: line, Cleaned: cleaned[i + 1][0]));
        }).Where(each => Visible(each.Line) != Visible(each.Cleaned)).ToList();

        // FLORES-101 itself has lines that went the wrong way: "BarÃ§a", "35Â°W", U+0096 between years.
        Assert.Equal(["ca 8", "ceb 1", "id 21", "tl 11"], repaired.CountBy(each => each.Language).OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}"));
        Assert.All(repaired, each => Assert.Contains(each.Line, c => c is 'Ã' or 'Â' or 'â' or (>= '\u0080' and < '\u00A0')));
    }

    private static string Visible(string text) => string.Concat(text.EnumerateRunes()
        .Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))).Trim();

    /// <summary>Reads bytes as Windows-1252, its five bytes without a character as Latin-1.</summary>
    private sealed class CharacterTable
    {
        private readonly string high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

        public string Read(byte[] bytes) => string.Concat(bytes.Select(each => each is >= 0x80 and < 0xA0 ? high[each - 0x80] : (char)each));
    }
}
