using Llamax.Evaluation.Results;
using Llamax.Testing;

namespace Llamax.Reports.Tests;

public sealed class ReportWriterTests
{
    private static readonly ReportData Small = new()
    {
        Title = "small",
        Languages = ["en", "fr", "th"],
        Scores =
        [
            Score("base-alpaca", "en-fr", 2), Score("base-alpaca", "fr-en", 4), Score("base-alpaca", "th-en", 0),
            Score("llamax-alpaca", "en-fr", 12.25), Score("llamax-alpaca", "fr-en", 3), Score("llamax-alpaca", "en-th", 7),
            new ScoreRecord("base", "test", "fr", "bits_per_byte", 4, null, 5), new ScoreRecord("llamax", "test", "fr", "bits_per_byte", 1, null, 5),
        ],
    };

    [Fact]
    public void WritesPageTablesAndSummary()
    {
        using var folder = new TemporaryFolder();
        ReportWriter.Write(Small, folder.Path);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("index.html")));
        Assert.Equal(
            ["summary.md", "test.bits_per_byte.csv", "test.spBLEU.averages.csv", "test.spBLEU.base-alpaca.csv", "test.spBLEU.llamax-alpaca.csv"],
            Directory.GetFiles(folder.File("tables")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal("source,en,fr,th\nen,,12.25,7\nfr,3,,\nth,,,\n", File.ReadAllText(folder.File("tables/test.spBLEU.llamax-alpaca.csv")));
        Assert.Equal("language,base,llamax\nen,,\nfr,4,1\nth,,\n", File.ReadAllText(folder.File("tables/test.bits_per_byte.csv")));
        Assert.Equal(ReportWriter.Summary(Small), File.ReadAllText(folder.File("tables/summary.md")));
    }

    [Fact]
    public void TheSummaryReadsWellAsText() => Assert.Equal(
        """
        spBLEU on test, averages into (X→) and out of (→X) each language

        | centre       | X→ base-alpaca | X→ llamax-alpaca |  gain | →X base-alpaca | →X llamax-alpaca |  gain |
        | ------------ | -------------: | ---------------: | ----: | -------------: | ---------------: | ----: |
        | English (en) |            4.0 |              3.0 |  −1.0 |            2.0 |             12.3 | +10.3 |
        | French (fr)  |            2.0 |             12.3 | +10.3 |            4.0 |              3.0 |  −1.0 |
        | Thai (th)    |              · |                · |     · |              · |                · |     · |
        | all          |            3.0 |              7.6 |  +4.6 |            3.0 |              7.6 |  +4.6 |

        Bits per byte on test (lower is better)

        | language     | base | llamax |  change |
        | ------------ | ---: | -----: | ------: |
        | English (en) |    · |      · |       · |
        | French (fr)  | 4.00 |   1.00 | −75.0 % |
        | Thai (th)    |    · |      · |       · |

        """, ReportWriter.Summary(Small));

    private static ScoreRecord Score(string system, string direction, double score) =>
        new(system, "test", direction, "spBLEU", score, "sig", 5);
}
