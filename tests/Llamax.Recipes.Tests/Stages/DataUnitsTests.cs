using System.Text;
using Llamax.Corpora.Readers.Records;
using Llamax.Recipes.Schema;
using Llamax.Recipes.Stages;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Stages;

public sealed class DataUnitsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Without a header line, a table's columns are in the order in which the key or the file's name has the languages.</summary>
    [Theory]
    [InlineData("fr-en", "fr-en.tsv")]
    [InlineData("*", "{pair}.tsv")]
    public void Columns_are_in_the_order_of_the_languages_as_written(string key, string path)
    {
        File.WriteAllText(folder.File("fr-en.tsv"), "un\tone\n");
        var batch = Read(new DataSection
        {
            Root = folder.Path,
            Languages = ["en", "fr"],
            Parallel = new Dictionary<string, IReadOnlyList<CorpusFile>> { [key] = [new CorpusFile { Path = path }] },
        });
        Assert.Equal(["en one", "fr un"], batch);
    }

    /// <summary>Wherever in the path the language stands.</summary>
    [Theory]
    [InlineData("{pair}/{lang}.txt", "en-fr/en.txt", "en-fr/fr.txt")]
    [InlineData("{pair}/{lang}/train.gz.txt", "en-fr/en/train.gz.txt", "en-fr/fr/train.gz.txt")]
    [InlineData("x.{pair}.{lang}", "x.en-fr.eng", "x.en-fr.fr")]
    public void Each_file_of_a_pair_is_in_the_language_of_its_name(string path, string english, string french)
    {
        foreach (var (name, text) in new[] { (english, "one"), (french, "un") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            File.WriteAllText(folder.File(name), text);
        }

        Assert.Equal(["en one", "fr un"], Read(new DataSection
        {
            Root = folder.Path,
            Languages = ["en", "fr"],
            Parallel = new Dictionary<string, IReadOnlyList<CorpusFile>> { ["*"] = [new CorpusFile { Path = path }] },
        }));
    }

    [Theory]
    [InlineData("a.tar.gz", 100, false)]
    [InlineData("a.tar.gz", 300, true)]
    [InlineData("a.tar", 300, false)] // Its files are where they are.
    public void An_archive_that_would_be_unpacked_for_days_is_refused(string name, int members, bool isRefused)
    {
        using (var archive = File.Create(folder.File(name)))
        {
            archive.SetLength(1L << 30); // Takes no room: nothing is written.
        }

        var data = new DataSection { Root = folder.Path, Languages = ["en"] };
        var texts = new Dictionary<string, IReadOnlyList<CorpusFile>> { ["en"] = [.. Enumerable.Range(0, members).Select(i => new CorpusFile { Path = $"{name}!{i}.txt" })] };
        var exception = Record.Exception(() => new DataUnits(data, new ReadingOptions()).Texts(texts, "data.monolingual"));
        Assert.Equal(isRefused, exception is LlamaxException);
        Assert.True(isRefused || exception is null);
    }

    [Fact]
    public void A_pattern_of_any_language_under_the_key_of_one_is_refused()
    {
        File.WriteAllText(folder.File("de-fr.tsv"), "eins\tun\n");
        File.WriteAllText(folder.File("b.en"), "one\n");
        var parallel = new DataSection
        {
            Root = folder.Path,
            Languages = ["de", "en", "fr"],
            Parallel = new Dictionary<string, IReadOnlyList<CorpusFile>> { ["en-fr"] = [new CorpusFile { Path = "{pair}.tsv" }] },
        };
        var multiway = new DataSection
        {
            Root = folder.Path,
            Languages = ["en", "fr"],
            Multiway = [new Dictionary<string, CorpusFile> { ["en"] = new() { Path = "b.{lang}" }, ["fr"] = new() { Path = "b.{lang}" } }],
        };
        Assert.Contains("{pair} stands for any pair", Assert.Throws<LlamaxException>(() => Read(parallel)).Message, StringComparison.Ordinal);
        Assert.Contains("{lang} stands for any language", Assert.Throws<LlamaxException>(() => Read(multiway)).Message, StringComparison.Ordinal);
    }

    private static List<string> Read(DataSection data)
    {
        var texts = new List<string>();
        foreach (var unit in new DataUnits(data, new ReadingOptions()).Translations())
        {
            foreach (var batch in unit.Reader.Read(new BadRecords(), TestContext.Current.CancellationToken))
            {
                texts.AddRange(unit.Reader.Languages.Select((language, field) => $"{language} {Encoding.UTF8.GetString(batch[0, field])}"));
            }
        }

        return [.. texts.Order(StringComparer.Ordinal)];
    }
}
