using Llamax.Evaluation.Results;
using Llamax.Testing;

namespace Llamax.Evaluation.Tests.Results;

public sealed class ResultsFileTests : IDisposable
{
    private static readonly ScoreRecord[] Records =
    [
        new("llamax-alpaca", "starter", "en-fr", "spBLEU", 0.1 + 0.2, "nrefs:1|tok:spm, \"x\"", 24),
        new("base", "starter", "ta", "bits_per_byte", 1.25, null, 200),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_to_the_last_bit()
    {
        ResultsFile.Write(folder.Path, Records);

        Assert.Equal(Records, ResultsFile.Read(folder.File("results.json")));
    }

    [Fact]
    public void The_files_look_like_this()
    {
        ResultsFile.Write(folder.Path, Records[1..]);

        Assert.Equal("""
            [
              {
                "system": "base",
                "benchmark": "starter",
                "direction": "ta",
                "metric": "bits_per_byte",
                "score": 1.25,
                "signature": null,
                "sentences": 200
              }
            ]

            """, File.ReadAllText(folder.File("results.json")));

        ResultsFile.Write(folder.Path, Records);
        Assert.Equal(
            "system,benchmark,direction,metric,score,signature,sentences\n"
            + "llamax-alpaca,starter,en-fr,spBLEU,0.30000000000000004,\"nrefs:1|tok:spm, \"\"x\"\"\",24\n"
            + "base,starter,ta,bits_per_byte,1.25,,200\n",
            File.ReadAllText(folder.File("results.csv")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{\"system\": \"x\"}]")]
    [InlineData("[{\"system\": null, \"benchmark\": \"\", \"direction\": \"\", \"metric\": \"\", \"score\": 1, \"signature\": null, \"sentences\": 1}]")]
    [InlineData("[{\"system\": 3}]")]
    public void What_is_no_file_of_scores_is_refused_by_name(string json)
    {
        File.WriteAllText(folder.File("results.json"), json);

        var error = Assert.Throws<LlamaxException>(() => ResultsFile.Read(folder.File("results.json")));
        Assert.Contains("results.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.json", Assert.Throws<LlamaxException>(() => ResultsFile.Read(folder.File("nowhere.json"))).Message, StringComparison.Ordinal);
}
