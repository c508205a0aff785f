using System.Text;
using System.Text.Json;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class BenchmarkIndexTests
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog, and then it runs far away into the deep dark forest.";
    private static readonly CleaningOptions Defaults = new();

    [Theory]
    [InlineData(Sentence, true)]
    [InlineData("Then: THE QUICK brown fox — jumps over the “lázy” dog and\nthen it runs, said someone", true)] // 13 words, over a line end.
    [InlineData("quick brown fox jumps over the lazy dog, and then it", false)] // 11 words of it.
    [InlineData("Somebody said that the quick brown fox ran over the lazy dog, and then it runs far away into the river", false)]
    [InlineData("before\nA short line here\nafter", true)]
    [InlineData("before a short line here", false)]
    [InlineData("Three words only", false)] // Is in the test set, and too short to tell.
    [InlineData("敏捷的棕色狐狸跳过了那只又老又懒惰的狗然后跑进了森林深处", true)]
    [InlineData("人们说，敏捷的棕色狐狸跳过了那只又老又懒惰的狗，然后跑进了森林深处。", true)]
    [InlineData("敏捷的棕色狐狸跳过了那只懒惰的猫", false)]
    public void A_text_with_thirteen_words_or_a_line_of_a_test_set_is_found(string text, bool isFound)
    {
        using var temporary = new TemporaryFolder();
        var index = Build(temporary, new() { ["toy"] = [("toy.txt", $"{Sentence}\nA short line, here!\nthree words only\n敏捷的棕色狐狸跳过了那只又老又懒惰的狗，然后跑进了森林深处\n")] });
        Assert.Equal(isFound ? "toy" : null, index.Find(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Each_span_is_found_in_any_text_around_it_and_none_that_is_not_there()
    {
        using var temporary = new TemporaryFolder();
        var words = Enumerable.Range(0, 200).Select(i => $"word{i}").ToArray();
        var index = Build(temporary, new() { ["toy"] = [("toy.txt", string.Join(' ', words))] }, new() { Span = 5 });
        Assert.Equal(196 + 1, index.Count);
        for (var from = 0; from + 5 <= words.Length; from++)
        {
            var context = Enumerable.Range(0, from).Select(i => $"other{i}").ToArray();
            Assert.Equal("toy", index.Find(Encoding.UTF8.GetBytes(string.Join(' ', [.. context, .. words[from..(from + 5)], .. context]))));
            Assert.Null(index.Find(Encoding.UTF8.GetBytes(string.Join(' ', [.. context, .. words[from..(from + 4)], .. context]))));
        }
    }

    [Fact]
    public void Test_sets_are_read_from_text_tables_and_json()
    {
        using var temporary = new TemporaryFolder();
        var index = Build(temporary, new()
        {
            ["b"] = [("b.jsonl", """{"id":1,"question":"How many apples are \"there\"?","choices":["one two three four","five"]}""" + "\n\n"), ("b.tsv", "alpha beta gamma delta\tepsilon\n")],
            ["a"] = [("a.json", """{"examples":[{"input":"first line is here\nthe second line is"}]}"""), ("a.txt", "How many apples are there")],
        });
        Assert.Equal(["a", "b"], index.Names);
        Assert.Equal("a", index.Find("how many apples are there"u8)); // In both: the first in the order of names.
        Assert.Equal("b", index.Find("One, two, three, four."u8));
        Assert.Equal("b", index.Find("Alpha beta gamma delta"u8));
        Assert.Equal("a", index.Find("The second line is"u8));
        Assert.Equal("a", index.Find("First line is here: the second line is"u8)); // The whole string, in one line.
        Assert.Null(index.Find("this first line is here the second line is"u8));
    }

    /// <summary>A string of JSON is one text, whatever lines a corpus has it in.</summary>
    [Theory]
    [InlineData("the quick brown fox jumps over the lazy dog while nine small birds sing in the old tall tree", true)]
    [InlineData("before\nfox jumps over the lazy dog while nine small birds sing in the\nafter", true)] // 13 words of three of its lines.
    [InlineData("fox jumps over the lazy dog while nine small birds sing in a", false)] // 12 of them.
    [InlineData("Somebody said:\nover the lazy dog while\nand nothing else.", true)] // A line.
    [InlineData("over the lazy dog\nwhile nine small", false)]
    public void Spans_of_a_string_go_over_its_lines(string text, bool isFound)
    {
        using var temporary = new TemporaryFolder();
        const string Lines = "the quick brown fox jumps\nover the lazy dog while\nnine small birds sing in\nthe old tall tree";
        foreach (var spoilt in new[] { Lines, Lines.Replace('\n', '\r'), Lines.Replace('\n', '\u2028'), Lines.Replace("\n", " \r\n\r\n", StringComparison.Ordinal) })
        {
            var index = Build(temporary, new() { ["toy"] = [("toy.jsonl", JsonSerializer.Serialize(new { text = spoilt }) + "\n")] });
            Assert.Equal(isFound ? "toy" : null, index.Find(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>However a line of the test set is spoilt, and whatever cleaning makes of the text that has it.</summary>
    [Theory]
    [InlineData("Le cafÃ© est dÃ©jÃ\u00A0 fermÃ© ce soir", "Le café est déjà fermé ce soir")]
    [InlineData("తెలుగు వా\u200Bక్యం ఇక్కడ ఒకటి ఉంది", "తెలుగు వా\u200Bక్యం ఇక్కడ ఒకటి ఉంది")]
    [InlineData("తెలుగు వా\u200Bక్యం ఇక్కడ ఒకటి ఉంది", "తెలుగు వాక్యం ఇక్కడ ఒకటి ఉంది")]
    [InlineData("a line of five\u2028and another line of six", "and another line of six")]
    [InlineData("a line of five\u2028and another line of six", "a line of five and another line of six")]
    [InlineData("one two three\uFFFD four five", "one two three\uFFFD four five")]
    [InlineData("오늘은 날씨가 아주 좋습니다", "오늘은 날씨가 아주 좋습니다")]
    [InlineData("আজকের দিনটি কোন কৌতুকের নয়", "আজকের দিনটি কোন কৌতুকের নয়")]
    [InlineData("q\u0323\u0307uite an odd word", "q\u0307\u0323uite an odd word")] // Accents in another order.
    [InlineData("\u0F62\u0F74\u0F71 two three four", "\u0F62\u0F71\u0F74 two three four")] // Vowel signs, which count, in normal order.
    [InlineData("eﬃcient ﬂying of a kite", "efficient flying of a kite")]
    public void A_line_is_found_however_it_is_written(string line, string text)
    {
        using var temporary = new TemporaryFolder();
        var index = Build(temporary, new() { ["toy"] = [("toy.txt", line + "\n")], ["json"] = [("toy.json", "\uFEFF" + JsonSerializer.Serialize(new[] { "words of no importance" }))] });
        foreach (var form in new[] { text, DecomposedText.Of(text) })
        {
            foreach (var options in new[] { Defaults with { MaxDamage = 1 }, Defaults with { MaxDamage = 1, Nfc = true } })
            {
                Assert.Empty(Cleaned.Records(new Cleaner(options, index), ["xx"], new CleaningCounts(), [form]));
            }
        }

        var spoilt = string.Concat(Encoding.UTF8.GetBytes(text).Select(value => (char)value)); // Read as Latin-1.
        Assert.Empty(Cleaned.Records(new Cleaner(Defaults with { MaxDamage = 1 }, index), ["xx"], new CleaningCounts(), [spoilt]));
        Assert.Single(Cleaned.Records(new Cleaner(Defaults, index), ["xx"], new CleaningCounts(), ["another text of some words"]));
    }

    [Fact]
    public void Test_sets_that_cannot_be_read_whole_are_refused()
    {
        using var temporary = new TemporaryFolder();
        Assert.Contains("a.jsonl, line 2", Refusal(("a.jsonl", "{\"x\":\"one two three four\"}\n{\"x\":")), StringComparison.Ordinal);
        Assert.Contains("a.parquet", Refusal(("a.parquet", "PAR1")), StringComparison.Ordinal);
        Assert.Contains("no line of 4 words", Refusal(("a.txt", "one two three\n")), StringComparison.Ordinal);

        string Refusal((string Name, string Text) file) => Assert.Throws<LlamaxException>(() => Build(temporary, new() { ["a"] = [file] })).Message;
    }

    [Fact]
    public void What_a_test_set_has_is_left_out_and_counted_for_its_benchmark()
    {
        using var temporary = new TemporaryFolder();
        var index = Build(temporary, new() { ["toy"] = [("toy.txt", Sentence)] });
        var counts = new CleaningCounts();
        var left = Cleaned.Records(new Cleaner(Defaults, index), ["de", "en", "fr"], counts, ["eins", Sentence, "un"], ["zwei", "two", "deux"]);
        Assert.Equal(["eins", "", "un"], left[1]); // The contaminated side only.
        Assert.Equal(["zwei", "two", "deux"], left[2]);
        Assert.Empty(Cleaned.Records(new Cleaner(Defaults, index), ["de", "en"], counts, ["eins", Sentence]));
        Assert.Equal(["decontaminate en 2 toy"], counts.Lines());
    }

    [Fact]
    public void The_fingerprint_changes_with_contents_names_and_options()
    {
        using var temporary = new TemporaryFolder();
        string[] all =
        [
            Fingerprint("toy", Sentence, 13), Fingerprint("toys", Sentence, 13), Fingerprint("toy", Sentence + " the", 13), Fingerprint("toy", Sentence, 12),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Fingerprint("toy", Sentence.ToUpperInvariant(), 13));

        string Fingerprint(string name, string text, int span) =>
            new Cleaner(Defaults, Build(temporary, new() { [name] = [("toy.txt", text)] }, new() { Span = span })).Fingerprint;
    }

    /// <summary>All of FLORES-101's devtest is found again, and next to nothing of dev, which is of the same sources.</summary>
    [Fact]
    public void Devtest_of_102_languages_is_kept_out_and_dev_is_not()
    {
        var index = BenchmarkIndex.Build(new Dictionary<string, IReadOnlyList<TextFile>> { ["flores101"] = FloresLines.Files("devtest") }, new());
        var missed = FloresLines.Lines("devtest").ToDictionary(each => each.Key, each => each.Value.Count(line => index.Find(Encoding.UTF8.GetBytes(line)) is null));
        Assert.Equal(0, missed.Values.Sum());
        var dev = FloresLines.Lines("dev");
        var found = dev.SelectMany(each => each.Value.Where(line => index.Find(Encoding.UTF8.GetBytes(line)) is not null).Select(line => $"{each.Key}: {line}")).ToList();
        Assert.InRange(found.Count, 0, 15); // 11, some of them lines that both parts have.
    }

    /// <summary>The test set as a corpus, as it is and with its letters taken apart: cleaning does not hide a line of it.</summary>
    [Fact]
    public void Nothing_of_devtest_comes_through_cleaning()
    {
        var index = BenchmarkIndex.Build(new Dictionary<string, IReadOnlyList<TextFile>> { ["flores101"] = FloresLines.Files("devtest") }, new());
        var kept = new List<string>();
        foreach (var (language, lines) in FloresLines.Lines("devtest"))
        {
            foreach (var form in new[] { lines, lines.ConvertAll(DecomposedText.Of) })
            {
                kept.AddRange(Cleaned.Records(new Cleaner(Defaults, index), [language], new CleaningCounts(), [.. form.Select(line => new[] { line })])
                    .Select(each => $"{language} {each.Key}: {each.Value[0]}"));
            }
        }

        Assert.Empty(kept);
    }

    private static BenchmarkIndex Build(
        TemporaryFolder temporary, Dictionary<string, (string Name, string Text)[]> benchmarks, DecontaminationOptions? options = null) =>
        BenchmarkIndex.Build(
            benchmarks.ToDictionary(each => each.Key, IReadOnlyList<TextFile> (each) => [.. each.Value.Select(file => File(temporary, file.Name, file.Text))]), options ?? new());

    private static TextFile File(TemporaryFolder temporary, string name, string text)
    {
        var path = temporary.File(name);
        System.IO.File.WriteAllText(path, text);
        return TextFile.FindOne(path);
    }
}
