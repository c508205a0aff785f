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
