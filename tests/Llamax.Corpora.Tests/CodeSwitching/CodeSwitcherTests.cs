using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.Tests.CodeSwitching;

public sealed class CodeSwitcherTests
{
    [Fact]
    public void Words_are_replaced_in_lower_case_and_the_rest_stays_as_it_is() =>
        Assert.Equal("der hund, a brot: essen!", Switcher(1).Switch(Pair("en", "fr", "The Dog, a bread: EAT!"), 0));

    [Fact]
    public void Translations_into_the_pairs_own_languages_are_never_used()
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "fr", [("dog", "chien")]);
        builder.Add("en", "de", [("dog", "Hund")]);
        builder.Add("en", "es", [("dog", "perro")]);
        var switcher = With(builder.Build(1), 1);
        var intoFrench = Enumerable.Range(0, 100).Select(copy => switcher.Switch(Pair("en", "fr", "dog"), copy)).ToHashSet();
        Assert.Equal(["Hund", "perro"], intoFrench.Order(StringComparer.Ordinal));
        Assert.Null(switcher.Switch(Pair("fr", "en", "chien"), 0));
        Assert.Null(switcher.Switch(Pair("en", "fr", "cat"), 0));
    }

    [Fact]
    public void Languages_that_the_lexicon_lacks_are_named()
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "fr", [("dog", "chien")]);
        var lexicon = builder.Build(1);
        Assert.Equal(["sw", "deu"], new CodeSwitcher(lexicon, new CodeSwitchOptions { Languages = ["fra", "sw", "deu"] }, 1).Missing);
        Assert.Empty(new CodeSwitcher(lexicon, new CodeSwitchOptions(), 1).Missing);
    }

    [Fact]
    public void A_given_segmenter_says_what_a_word_is()
    {
        var builder = new LexiconBuilder();
        builder.Add("zh", "de", [("北京", "Peking"), ("学", "Lehre")]);
        var lexicon = builder.Build(1);
        var known = With(lexicon, 1);
        var given = With(lexicon, 1, new Dictionary<string, IWordSegmenter> { ["zh"] = new LongestMatchSegmenter(["北京大学"]) });
        Assert.Equal("Peking 大 Lehre", known.Switch(Pair("zh", "en", "北京大学"), 0));
        Assert.Null(given.Switch(Pair("zh", "en", "北京大学"), 0));
        Assert.Equal("Lehre 习", given.Switch(Pair("zh", "en", "学习"), 0));
    }

    [Fact]
    public void Languages_are_drawn_evenly_however_many_words_they_have()
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "de", [("dog", "Hund")]);
        builder.Add("en", "es", Enumerable.Range(0, 9).Select(i => ("dog", $"perro{i}")));
        var switcher = With(builder.Build(1), 1);
        var drawn = Enumerable.Range(0, 1000).Select(copy => switcher.Switch(Pair("en", "fr", "dog"), copy)).ToList();
        Assert.InRange(drawn.Count(word => word == "Hund"), 435, 565); // Four standard deviations around 500.
        Assert.Equal(10, drawn.Distinct().Count());
    }

    [Fact]
    public void The_rate_is_the_share_of_words_replaced()
    {
        var words = Enumerable.Range(0, 4000).Select(i => $"w{i}").ToList();
        var builder = new LexiconBuilder();
        builder.Add("en", "de", words.Select(word => (word, "X")));
        var switched = With(builder.Build(1), 0.3).Switch(Pair("en", "fr", string.Join(' ', words)), 0)!;
        Assert.InRange(switched.Split(' ').Count(word => word == "X"), 1080, 1320); // Four standard deviations around 1200.
    }

    [Fact]
    public void Draws_belong_to_the_pair_and_the_copy()
    {
        var switcher = Switcher(0.5);
        var pair = Pair("en", "fr", "the dog eats the bread and the dog eats the dog");
        Assert.Equal(switcher.Switch(pair, 0), Switcher(0.5).Switch(pair, 0));
        Assert.True(Enumerable.Range(0, 20).Select(copy => switcher.Switch(pair, copy)).Distinct().Count() > 5);
        Assert.NotEqual(
            Enumerable.Range(0, 20).Select(copy => switcher.Switch(pair, copy)),
            Enumerable.Range(0, 20).Select(copy => switcher.Switch(pair with { Target = "autre" }, copy)));
    }

    [Theory]
    [InlineData("zh", "我喜欢狗。", "我 like dog。")]
    [InlineData("zh", "我看狗", "我看 dog")]
    [InlineData("th", "หมากินขนมปัง", "dog กิน bread")]
    public void In_scripts_without_spaces_a_replacement_is_set_off_from_its_neighbours(string language, string source, string expected)
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "zh", [("like", "喜欢"), ("dog", "狗")]);
        builder.Add("en", "th", [("dog", "หมา"), ("bread", "ขนมปัง")]);
        Assert.Equal(expected, With(builder.Build(1), 1).Switch(Pair(language, "fr", source), 0));
    }

    private static CodeSwitcher With(MultilingualLexicon lexicon, double rate, IReadOnlyDictionary<string, IWordSegmenter>? segmenters = null) =>
        new(lexicon, new CodeSwitchOptions { Rate = rate }, 1, segmenters);

    private static CodeSwitcher Switcher(double rate)
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "de", [("the", "der"), ("dog", "hund"), ("bread", "brot"), ("eat", "essen"), ("eats", "isst")]);
        return With(builder.Build(1), rate);
    }

    private static SentencePair Pair(string source, string target, string text) => new(source, target, text, "cible");
}
