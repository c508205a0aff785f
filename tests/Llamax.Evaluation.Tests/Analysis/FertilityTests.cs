using System.Globalization;
using Llamax.Evaluation.Analysis.Fertility;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Evaluation.Tests.Analysis;

public sealed class FertilityTests
{
    [Fact]
    public void Table_1_of_the_paper_comes_out_to_the_printed_digit()
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("data", "tokenizers", "llama2_tokenizer.model"));
        var lines = FertilityData.Find("flores101", Shared.Path("data"), "devtest").ReadLines(["ro", "bn", "zh"]);
        var rows = FertilityMeasure.Measure([("llama2", tokenizer)], lines, FertilityDefinition.AsReleased);
        Assert.Equal(["ro", "bn", "zh"], rows.Select(row => row.Language));
        Assert.Equal("2.25", rows[0].PerLine.ToString("F2", CultureInfo.InvariantCulture));
        Assert.Equal("8.62", rows[1].PerLine.ToString("F2", CultureInfo.InvariantCulture));
        Assert.All(rows, row => Assert.Equal((1012, "words"), (row.Lines, row.Unit)));

        var paper = FertilityMeasure.Measure([("llama2", tokenizer)], lines, FertilityDefinition.Paper);
        Assert.Equal(rows.Take(2), paper.Take(2));
        Assert.Equal("characters", paper[2].Unit);
        Assert.InRange(paper[2].PerLine, 1, 2);
    }

    [Fact]
    public void Every_language_of_both_data_sets_is_found()
    {
        Assert.Equal(102, FertilityData.Find("flores101", Shared.Path("data"), "dev").Languages.Count);
        Assert.Equal(204, FertilityData.Find("flores200", Shared.Path("data"), "devtest").Languages.Count);
    }

    [Fact]
    public void Ratios_are_by_line_and_by_corpus()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 265, CharacterCoverage = 1 }).Train(["aaaa bb"], folder.File("t.model"));
        var lines = new[]
        {
            KeyValuePair.Create<string, IReadOnlyList<string>>("en", ["x y", "", "zz", "  "]),
            KeyValuePair.Create<string, IReadOnlyList<string>>("ja", ["字字"]),
        };

        // ▁ x ▁ y: 4 tokens for 2 words; ▁ z z: 3 for 1 (characters that the vocabulary lacks are bytes).
        var rows = FertilityMeasure.Measure([("a", tokenizer), ("b", tokenizer)], lines, FertilityDefinition.Paper);
        Assert.Equal([("a", "en"), ("a", "ja"), ("b", "en"), ("b", "ja")], rows.Select(row => (row.Tokenizer, row.Language)));
        Assert.Equal((2, 7L, 3L, 2.5, 7.0 / 3), (rows[0].Lines, rows[0].Tokens, rows[0].Units, rows[0].PerLine, rows[0].PerCorpus));
        Assert.Equal((7L, 2L, 3.5, "characters"), (rows[1].Tokens, rows[1].Units, rows[1].PerLine, rows[1].Unit));
        Assert.Equal(7, FertilityMeasure.Measure([("a", tokenizer)], lines, FertilityDefinition.AsReleased)[1].PerLine);
        Assert.Equal("a,en,English,paper,words,2,7,3,2.5,2.3333333333333335", FertilityMeasure.ToCsv(rows, FertilityDefinition.Paper).Split('\n')[1]);

        Assert.Contains("English", Assert.Throws<LlamaxException>(() => FertilityMeasure.Measure(
            [("a", tokenizer)], [KeyValuePair.Create<string, IReadOnlyList<string>>("en", [""])], FertilityDefinition.Paper)).Message);
    }

    [Theory]
    [InlineData("flores101", "--root")]
    [InlineData("some.txt", "{language}")]
    [InlineData("x.{language}.txt", "x.*.txt")]
    public void What_is_missing_is_said(string data, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => FertilityData.Find(data, folder.Path, "devtest")).Message);
    }
}
