using Llamax.Corpora.Readers;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers;

public sealed class LanguageFilesTests
{
    [Fact]
    public void One_pattern_finds_the_files_of_all_languages_under_the_names_they_have()
    {
        using var temporary = new TemporaryFolder();
        foreach (var name in new[] { "c4-iw.1.json", "c4-en.2.json", "c4-en.1.json", "c4-fil.1.json", "c4-zh-Hant.1.json", "c4-qqx.1.json", "c4-sw.1.json", "c4-.1.json" })
        {
            File.WriteAllText(temporary.File(name), "x");
        }

        var found = new LanguageFiles(temporary.File("c4-{lang}.?.json"), ["en", "he", "tl", "zhtrad"]);
        Assert.Equal(["en", "he", "tl", "zhtrad"], found.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["c4-en.1.json", "c4-en.2.json"], found.Files["en"].Select(file => Path.GetFileName(file.Name)));
        Assert.EndsWith("c4-fil.1.json", Assert.Single(found.Files["tl"]).Name, StringComparison.Ordinal);
        Assert.StartsWith("qqx (did you mean ", Assert.Single(found.Unknown), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{lang}-*.txt", "fr-00000-of-00002.txt", "fr")]
    [InlineData("{lang}_*.txt", "fr_clean_0000.txt", "fr")]
    [InlineData("{lang}_*.txt", "zh_Hant_0000.txt", "zhtrad")]
    [InlineData("{lang}*.txt", "zho_Hans.0000.txt", "zh")]
    [InlineData("{lang}*.txt", "ZH-hant-clean.txt", "zhtrad")]
    [InlineData("{lang}*.txt", "french.txt", "")]
    [InlineData("{lang}*.txt", "zh-Latn.0000.txt", "")]
    [InlineData("{lang}_*.txt", "zh_Latn_0000.txt", "")]
    [InlineData("{lang}-*.txt", "zh-Latn-00000-of-00002.txt", "")]
    [InlineData("train{lang}.txt", "trainfr.txt", "fr")]
    [InlineData("{lang}dev.txt", "frdev.txt", "fr")]
    [InlineData("{pair}_*.txt", "en-fr_clean_0000.txt", "en-fr")]
    [InlineData("{pair}.*.txt", "zho_Hant-eng_Latn.1.txt", "en-zhtrad")]
    public void A_code_is_the_longest_one_that_a_language_has(string pattern, string name, string expected)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File(name), "x");
        Assert.Equal(expected, string.Join(' ', new LanguageFiles(temporary.File(pattern), ["en", "fr", "zh", "zhtrad"]).Files.Keys));
    }

    [Fact]
    public void Of_a_pairs_files_each_is_in_the_language_that_stands_for_itself()
    {
        using var temporary = new TemporaryFolder();
        foreach (var name in new[] { "en-fr/en.txt", "en-fr/fr.txt", "en-fr/de.txt", "de-en/train.eng.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary.File(name))!);
            File.WriteAllText(temporary.File(name), "x");
        }

        var files = new LanguageFiles(temporary.File("{pair}/{lang}.txt"), ["de", "en", "fr"]);
        Assert.Equal(["en", "fr"], files.Files["en-fr"].Select(files.LanguageOf));
        Assert.Single(files.Files);
        var others = new LanguageFiles(temporary.File("{pair}/train.{lang}.txt"), ["de", "en", "fr"]);
        Assert.Equal("en", others.LanguageOf(Assert.Single(others.Files["de-en"])));
    }

    [Fact]
    public void Pairs_are_named_by_their_codes_in_alphabetical_order()
    {
        using var temporary = new TemporaryFolder();
        foreach (var name in new[] { "fr-en.tmx", "de-en.tmx", "de-fr.tmx", "en-en.tmx" })
        {
            File.WriteAllText(temporary.File(name), "x");
        }

        Assert.Equal(["de-en", "en-fr"], new LanguageFiles(temporary.File("{pair}.tmx"), ["de", "en", "fr"]).Files.Keys.Where(pair => pair.Contains("en", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("no file matches", Assert.Throws<LlamaxException>(() => new LanguageFiles(temporary.File("{pair}.tsv"), ["de"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flores_has_all_of_the_papers_languages()
    {
        var archive = Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz");
        var paper = Llamax.Text.Languages.LanguageRegistry.Default.All.Where(language => language.Paper).Select(language => language.Code).ToList();
        var found = new LanguageFiles(archive + "!*/dev/{lang}.dev", paper);
        Assert.Equal(102, found.Files.Count);
        Assert.Empty(found.Unknown);
        Assert.EndsWith("zho_trad.dev", Assert.Single(found.Files["zhtrad"]).Name, StringComparison.Ordinal);
    }
}
