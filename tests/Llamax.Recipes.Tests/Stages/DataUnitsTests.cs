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
