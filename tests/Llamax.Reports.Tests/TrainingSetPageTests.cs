using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Statistics;
using Llamax.Reports.TrainingSets;
using Llamax.Text.Languages;

namespace Llamax.Reports.Tests;

public sealed partial class TrainingSetPageTests
{
    [Fact]
    public void The_matrix_of_102_languages_is_one_file_without_scripts_or_references()
    {
        var codes = LanguageRegistry.Default.All.Where(language => language.Paper).Select(language => language.Code).ToList();
        var groups = codes.SelectMany((first, i) => codes.Skip(i + 1).Select((second, j) => new ShardGroup("parallel", $"{first}-{second}", 1 + (i * j), 10, 9))).ToList();
        var page = TrainingSetPage.Of(Statistics(groups), "all").ToString();
        var root = Parse(page);
        Assert.Equal(102 * 101, root.Descendants("i").Count(cell => Class(cell).Contains(" s", StringComparison.Ordinal) && !Class(cell).Contains("same", StringComparison.Ordinal)));
        Assert.DoesNotMatch(Reference(), page);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe");
        var ids = root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.InRange(page.Length, 0, 2_000_000);
    }

    [Fact]
    public void Cells_say_their_numbers_and_are_darker_the_more_there_are()
    {
        var root = Parse(TrainingSetPage.Of(
            Statistics(
            [
                new("mono", "en", 5, 50, 45), new("parallel", "en-fr", 600, 1000, 900), new("parallel", "fr-en", 400, 1000, 900), new("code-switched", "fr-zh", 1, 2000, 900),
                new("pseudo-parallel", "en-zh", 31, 70, 60),
            ]), "small").ToString());
        Assert.Equal("English – French: 1,000 pairs (en→fr 600, fr→en 400) · 2,000 tokens", Cell("r0 c1 s20"));
        Assert.Equal(Cell("r0 c1 s20"), Cell("r1 c0 s20")); // On both sides of the diagonal.
        Assert.Equal("French – Chinese (Simplified): 1 augmented · 2,000 tokens", Cell("r1 c2 s1"));
        Assert.Equal("English – Chinese (Simplified): 31 pseudo-parallel · 70 tokens", Cell("r0 c2 s10"));
        Assert.Equal("English: 5 blocks of text, 2 partners, 2,120 tokens", Cell("r0 c0 same"));

        string Cell(string name) => root.Descendants("i").Single(cell => Class(cell) == name).Attribute("title")!.Value;
    }

    [Fact]
    public void Each_order_gives_every_language_a_place_of_its_own()
    {
        var page = TrainingSetPage.Of(
            Statistics([new("parallel", "en-fi", 2, 1, 1), new("parallel", "fi-fr", 9, 1, 1), new("parallel", "fr-zh", 5, 1, 1)]), "orders").ToString();
        // Languages stand as en, fr (Indo-European), zh (Sino-Tibetan), fi (Uralic).
        Assert.Contains("#order-family:checked ~ .scroll .pairs { --p0:2;--p1:3;--p2:5;--p3:7; }", page, StringComparison.Ordinal);
        Assert.Contains("#order-size:checked ~ .scroll .pairs { --p0:5;--p1:2;--p2:4;--p3:3; }", page, StringComparison.Ordinal);
        Assert.Contains("#order-code:checked ~ .scroll .pairs { --p0:2;--p1:4;--p2:5;--p3:3; }", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_from_outside_is_escaped()
    {
        const string evil = "</style><script>alert('x')</script>\"&\u0001";
        var page = TrainingSetPage.Of(
            Statistics([new(evil, $"{evil}-en", 1, 1, 1), new("parallel", $"{evil}-en", 1, 1, 1)]) with
            {
                Cleaning = [new CleaningCount(evil, evil, 1, evil)],
                LeftOut = new Dictionary<string, long> { [evil] = 1 },
            },
            evil).ToString();
        Assert.DoesNotContain(Parse(page).Descendants(), element => element.Name.LocalName == "script");
    }

    private static TrainingSetStatistics Statistics(IReadOnlyList<ShardGroup> groups) => TrainingSetStatistics.Of(new ShardManifest
    {
        Rows = groups.Sum(group => group.Rows),
        Tokens = groups.Sum(group => group.Tokens),
        Groups = groups,
    });

    private static string Class(XElement element) => element.Attribute("class")?.Value ?? "";

    private static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    [GeneratedRegex(@"https?:|//[a-z]|url\(|@import|data:", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
