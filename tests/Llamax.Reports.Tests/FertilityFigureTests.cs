using System.Xml.Linq;
using Llamax.Evaluation.Analysis.Fertility;
using Llamax.Reports.Figures;

namespace Llamax.Reports.Tests;

public sealed class FertilityFigureTests
{
    [Fact]
    public void A_language_is_a_row_and_a_tokenizer_a_dot()
    {
        var rows = new[] { Row("a<b", "en", 1.5), Row("a<b", "bn", 8.6), Row("c", "en", 1.4), Row("c", "bn", 2) };
        var svg = XDocument.Parse(FertilityFigure.Draw(rows, FertilityDefinition.AsReleased, "some text")).Root!;
        var texts = svg.Descendants().Where(each => each.Name.LocalName == "text").Select(each => each.Value).ToList();
        Assert.Contains(texts, text => text.Contains("as-released", StringComparison.Ordinal));
        Assert.Contains("a<b", texts);
        Assert.Contains("8.60 · 2.00", texts);
        Assert.True(texts.IndexOf("Language bn (bn)") is >= 0 and var bengali && bengali < texts.IndexOf("Language en (en)"));
        Assert.Equal(["a<b: 8.60", "c: 2.00", "a<b: 1.50", "c: 1.40"], svg.Descendants().Where(each => each.Name.LocalName == "title").Select(each => each.Value));

        var many = Enumerable.Range(0, 7).Select(i => Row($"t{i}", "en", 1)).ToList();
        Assert.Throws<LlamaxException>(() => FertilityFigure.Draw(many, FertilityDefinition.Paper, "some text"));
    }

    private static FertilityRow Row(string tokenizer, string language, double ratio) => new()
    {
        Tokenizer = tokenizer,
        Language = language,
        Name = $"Language {language}",
        Unit = "words",
        Lines = 1,
        Tokens = 1,
        Units = 1,
        PerLine = ratio,
        PerCorpus = ratio,
    };
}
