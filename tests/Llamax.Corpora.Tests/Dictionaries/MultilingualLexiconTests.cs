using Llamax.Corpora.Dictionaries;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Dictionaries;

public sealed class MultilingualLexiconTests
{
    [Fact]
    public void One_hop_translates_along_each_dictionary_and_back()
    {
        var lexicon = Sample().Build(hops: 1);
        Assert.Equal(["de:Hallo", "fr:bonjour", "fr:salut"], Find(lexicon, "en", "hello"));
        Assert.Equal(["en:Hello"], Find(lexicon, "fr", "salut"));
        Assert.Equal(["en:Hello"], Find(lexicon, "de", "hallo"));
        Assert.Empty(Find(lexicon, "en", "Hello"));
        Assert.Empty(Find(lexicon, "es", "hola"));
    }

    [Fact]
    public void Two_hops_go_through_the_shared_word_and_not_back_into_the_words_language()
    {
        var lexicon = Sample().Build(hops: 2);
        Assert.Equal(["de:Hallo", "en:Hello"], Find(lexicon, "fr", "salut"));
        Assert.Equal(["de:Hallo", "fr:bonjour", "fr:salut"], Find(lexicon, "en", "hello"));
    }

    [Fact]
    public void The_order_of_the_dictionaries_does_not_matter()
    {
        var other = new LexiconBuilder();
        other.Add("en", "de", [("Hello", "Hallo")]);
        other.Add("en", "fr", [("Hello", "salut"), ("Hello", "bonjour"), ("Hello", "bonjour")]);
        Assert.Equal(Find(Sample().Build(1), "en", "hello"), Find(other.Build(1), "en", "hello"));
    }

    [Fact]
    public void Words_are_found_by_language()
    {
        var lexicon = Sample().Build(1);
        Assert.Equal(["de", "en", "fr"], lexicon.Languages);
        Assert.Equal(["bonjour", "salut"], lexicon.Words("fr").Order());
        Assert.Empty(lexicon.Words("xx"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("en-")]
    [InlineData("en-en")]
    [InlineData("en-fr-de")]
    public void A_direction_names_two_languages(string direction) =>
        Assert.Contains("no direction", Assert.Throws<LlamaxException>(() => new LexiconBuilder().AddFiles(direction, [])).Message, StringComparison.Ordinal);

    /// <summary>With dictionaries out of English only, a French word has a Chinese translation over English.</summary>
    [Fact]
    public void Real_dictionaries_compose()
    {
        var archive = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        using var builder = new LexiconBuilder();
        builder.AddFiles("en-fr", [$"{archive}!cosda_muse_panlex/fr2.txt"]);
        builder.AddFiles("en-zh", [$"{archive}!cosda_muse_panlex/zh2.txt"]);
        var found = Find(builder.Build(1), "fr", "chien").ToList();
        Assert.Contains("en:dog", found);
        Assert.DoesNotContain(found, translation => translation.StartsWith("zh:", StringComparison.Ordinal));
        Assert.Contains("zh:狗", Find(builder.Build(2), "fr", "chien"));
    }

    private static LexiconBuilder Sample()
    {
        var builder = new LexiconBuilder();
        builder.Add("en", "fr", [("Hello", "bonjour"), ("Hello", "salut")]);
        builder.Add("en", "de", [("Hello", "Hallo")]);
        return builder;
    }

    private static IEnumerable<string> Find(MultilingualLexicon lexicon, string language, string word)
    {
        var found = new List<LexiconTranslation>();
        lexicon.Find(language, word, found);
        return found.Select(entry => $"{entry.Language}:{entry.Word}");
    }
}
