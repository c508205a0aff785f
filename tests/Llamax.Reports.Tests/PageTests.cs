using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Llamax.Evaluation.Results;
using Llamax.Reports.Markup;

namespace Llamax.Reports.Tests;

public sealed partial class PageTests
{
    [Fact]
    public void IsWellFormedAndRefersToNothingElse()
    {
        var page = Page.Of(SampleReport.Create()).ToString();
        var root = Parse(page);
        Assert.Equal("html", root.Name.LocalName);
        Assert.DoesNotMatch(Reference(), page);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.DoesNotContain(root.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" or "onclick");
        var ids = root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void WhatComesFromOutsideIsEscaped()
    {
        const string evil = "</style><script>alert('x')</script>\"&\u0001\u202e";
        var data = SampleReport.Create() with
        {
            Title = evil,
            Description = evil,
            Languages = ["en", evil],
            Translation = new SystemPair(evil, "b"),
            Likelihood = new SystemPair("base", evil),
            Scores =
            [
                new ScoreRecord(evil, evil, $"en-{evil}", evil, 3, evil, 1), new ScoreRecord("b", evil, $"en-{evil}", evil, 4, evil, 1),
                new ScoreRecord("base", evil, "en", "bits_per_byte", 3, null, 1), new ScoreRecord(evil, evil, "en", "bits_per_byte", 2, null, 1),
            ],
            Curves = [new LearningCurve(evil, evil, [(1, 2.0), (2, double.NaN)])],
            Samples = [new SampleTranslation(evil, "en", evil, evil, evil, evil)],
            Stages = [new RunStage(evil, TimeSpan.FromSeconds(1), evil)],
            Facts = [new RunFact(evil, evil, evil)],
        };
        var page = Page.Of(data).ToString();
        Assert.DoesNotContain(Parse(page).Descendants(), element => element.Name.LocalName == "script");
        Assert.DoesNotContain('\u0001', page);
    }

    [Fact]
    public void ShowsEveryDirectionInEveryMatrix()
    {
        var data = SampleReport.Create();
        var heats = Parse(Page.Of(data).ToString()).Descendants("figure").Where(figure => figure.Attribute("class")?.Value == "heat").ToList();
        Assert.Equal(6, heats.Count); // two systems and their difference, for two metrics
        var expected = data.Scores.Single(score => score is { System: "llamax-alpaca", Metric: "spBLEU", Direction: "es-zh" }).Score;
        var row = heats[1].Descendants("tr").ElementAt(3);
        Assert.Equal("es Spanish", row.Element("th")!.Value);
        Assert.Equal(expected.ToString("0.0"), row.Elements("td").ElementAt(3).Value);
        Assert.All(heats, heat => Assert.Equal(30, heat.Descendants("td").Count(cell => cell.Value.Length > 0)));
    }

    [Fact]
    public void SaysWhoIsBetterByHowMuch()
    {
        var answer = Parse(Page.Of(SampleReport.Create()).ToString()).Descendants("p").Single(p => p.Attribute("class")?.Value == "answer").Value;
        Assert.Matches(@"^llamax-alpaca reaches \d+\.\d spBLEU on average over 30 directions; base-alpaca reaches \d+\.\d\. It is better in 29 of them\.$", answer);
    }

    [Fact]
    public void PartsWithoutDataAreLeftOut()
    {
        var page = Page.Of(new ReportData { Title = "empty", Languages = [] }).ToString();
        Assert.Empty(Parse(page).Descendants("section"));
        var partial = SampleReport.Create() with { Languages = ["en", "fr"], Scores = [new ScoreRecord("llamax-alpaca", "t", "en-fr", "spBLEU", 0, null, 1)] };
        Assert.Contains("·", Parse(Page.Of(partial).ToString()).Descendants("td").Select(cell => cell.Value));
    }

    private static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    [GeneratedRegex(@"https?:|//[a-z]|url\(|@import|data:", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
