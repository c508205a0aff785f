using System.Text;
using System.Text.Json;
using Llamax.Corpora.Cleaning;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class CleanerTests
{
    private static readonly CleaningOptions Off = new() { Unicode = false };

    [Fact]
    public void Lengths_are_in_characters()
    {
        var counts = new CleaningCounts();
        var options = Off with { MinLength = 3, MaxLength = 5 };
        Assert.Null(Cleaned.Text(options, "аб", counts, "ru"));
        Assert.Equal("абв", Cleaned.Text(options, "абв", counts, "ru"));
        Assert.Equal("😀😀😀😀😀", Cleaned.Text(options, "😀😀😀😀😀", counts));
        Assert.Null(Cleaned.Text(options, "😀😀😀😀😀😀", counts));
        Assert.Equal(["max_length en 1", "min_length ru 1"], counts.Lines());
    }

    [Fact]
    public void A_record_stays_while_two_of_its_texts_do()
    {
        var counts = new CleaningCounts();
        var left = Cleaned.Records(new Cleaner(Off with { MaxLength = 3 }), ["de", "en", "fr"], counts, ["ab", "long one", "cd"], ["ab", "", "long one"], ["a", "b", "c"]);
        Assert.Equal([1, 3], left.Keys.Order());
        Assert.Equal(["ab", "", "cd"], left[1]);
        Assert.Equal(["max_length en 1", "max_length fr 1"], counts.Lines());
        Assert.Empty(Cleaned.Records(new Cleaner(Off with { MaxLength = 3 }), ["de", "en"], counts, ["ab", "long one"]));
    }

    [Theory]
    [InlineData("en", "Good morning everyone", "zh", "大家早上好", true)] // 21 against 5 characters, and still as long.
    [InlineData("zh", "大家早上好", "en", "Good morning everyone", true)]
    [InlineData("en", "大家早上好", "en", "Good morning everyone", false)]
    [InlineData("en", "Good", "zh", "大家早上好", false)]
    [InlineData("en", "ab", "de", "abcdef", true)]
    [InlineData("en", "ab", "de", "abcdefghijkl", false)]
    public void The_sides_of_a_pair_are_about_as_long(string first, string one, string second, string other, bool keeps)
    {
        var counts = new CleaningCounts();
        Assert.Equal(keeps, new Cleaner(Off with { MaxRatio = 3 }).KeepsPair(first, Encoding.UTF8.GetBytes(one), second, Encoding.UTF8.GetBytes(other), counts));
        Assert.Equal(keeps ? [] : [$"max_ratio {string.Join('-', new[] { first, second }.Order(StringComparer.Ordinal))} 1"], counts.Lines());
    }

    [Fact]
    public void Hardly_a_sentence_of_FLORES_is_of_another_length()
    {
        var cleaner = new Cleaner(Off with { MaxRatio = 3 });
        var (dev, counts) = (FloresLines.Lines("dev"), new CleaningCounts());
        foreach (var (code, lines) in dev)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                cleaner.KeepsPair("zh", Encoding.UTF8.GetBytes(dev["zh"][i]), code, Encoding.UTF8.GetBytes(lines[i]), counts);
            }
        }

        Assert.InRange(counts.Rows.Sum(row => row.Count), 0, dev.Count * 997 / 1000);
    }

    [Theory]
    [InlineData("Hello, World!", "hello world", false)]
    [InlineData("ＡＢＣ café", "abc cafe\u0301", false)]
    [InlineData("Hello", "Hello you", true)]
    [InlineData("Hello you", "Hello", true)]
    [InlineData("…", "!", true)] // There is nothing in them that could be the same.
    [InlineData("…", "…", false)]
    public void Sides_that_say_the_same_in_the_same_words_are_no_translation(string one, string other, bool keeps)
    {
        var counts = new CleaningCounts();
        Assert.Equal(keeps, new Cleaner(Off with { SameAsSource = true }).KeepsPair("fr", Encoding.UTF8.GetBytes(one), "en", Encoding.UTF8.GetBytes(other), counts));
        Assert.Equal(keeps ? [] : ["same_as_source en-fr 1"], counts.Lines());
    }

    [Fact]
    public void Texts_in_another_language_go_where_the_identifier_can_tell()
    {
        var counts = new CleaningCounts();
        var cleaner = new Cleaner(Off with { WrongLanguage = true }, label: text => text.StartsWith("?"u8) ? null : Encoding.UTF8.GetString(text[..2]));
        var left = Cleaned.Records(cleaner, ["de"], counts, ["de gut"], ["en bad"], ["? who knows"]);
        Assert.Equal([1, 3], left.Keys.Order());
        Assert.Single(Cleaned.Records(cleaner, ["zhtrad"], counts, ["zh "])); // One label for both.
        var unlabelled = LanguageRegistry.Default.All.First(language => language.FastTextLabel is null).Code;
        Assert.Single(Cleaned.Records(cleaner, [unlabelled], counts, ["en x"]));
        Assert.Equal(["wrong_language de 1"], counts.Lines());
        Assert.Contains("identifier", Assert.Throws<LlamaxException>(() => new Cleaner(Off with { WrongLanguage = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_changes_with_every_option()
    {
        string[] all =
        [
            new Cleaner(new()).Fingerprint, new Cleaner(Off).Fingerprint, new Cleaner(new() { MinLength = 1 }).Fingerprint,
            new Cleaner(new() { NearDuplicates = new() { Bands = 3 } }).Fingerprint, new Cleaner(new() { Decontamination = new() { Span = 3 } }).Fingerprint,
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], new Cleaner(new()).Fingerprint);
    }

    [Fact]
    public void Counts_add_up_and_survive_JSON_in_one_order()
    {
        var (one, other) = (new CleaningCounts(), new CleaningCounts());
        one.Add("b", "de");
        one.Add("a", "fr", 2, "flores");
        other.Add("a", "fr", 3, "flores");
        other.Add("a", "fr", 1, "bbh");
        other.Add("c", "fr", 0);
        one.Add(other.Rows);
        Assert.Equal(["a fr 1 bbh", "a fr 5 flores", "b de 1"], one.Lines());
        Assert.Equal(one.Lines(), new CleaningCounts(JsonSerializer.Deserialize<CleaningCount[]>(JsonSerializer.Serialize(one.Rows))!).Lines());
    }
}
