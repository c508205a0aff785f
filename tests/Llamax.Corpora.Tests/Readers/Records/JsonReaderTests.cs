using System.Text.Json;
using CsCheck;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers.Records;

public sealed class JsonReaderTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Mc4s_and_madlads_lines_are_texts()
    {
        using var temporary = new TemporaryFolder();
        var mc4 = Reading.File(temporary, "c4-de.json.gz", """
            {"text": "Erste Zeile\nzweite \"Zeile\" \u00e4\ud83d\ude42", "timestamp": "2019-01-01T00:00:00Z", "url": "http://a.de"}

            {"url": "x", "nested": {"text": "nicht das", "list": [1, {"text": "auch nicht"}]}, "text": "  das hier  "}
            {"text": ""}
            """);
        Assert.Equal([["Erste Zeile\nzweite \"Zeile\" ä🙂"], ["das hier"]], Reading.All(Texts(mc4)));
        var madlad = Reading.File(temporary, "de_clean_0000.jsonl", """{"text": "eins\\nzwei\\n\\ndrei \\ vier\\"}""");
        Assert.Equal([["eins\nzwei\n\ndrei \\ vier\\"]], Reading.All(RecordSources.Texts(madlad, "de", RecordFormat.Madlad, "text", new())));
        Assert.Equal([["eins\\nzwei\\n\\ndrei \\ vier\\"]], Reading.All(Texts(madlad)));
    }

    [Fact]
    public void Arrays_and_Alpaca_files_are_texts()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "alpaca.json", """
            [{"instruction": "Sag es.", "input": "", "output": "Es."}, {"text": "so"},
             {"instruction": "Zähle.", "input": "bis zwei", "output": "eins, zwei"}]
            """);
        Assert.Equal([["Sag es.\nEs."], ["so"], ["Zähle.\nbis zwei\neins, zwei"]], Reading.All(Texts(file)));
    }

    [Theory]
    [InlineData("""{"text": "a" """, "no JSON object")]
    [InlineData("""{"text": "a"} x""", "no JSON object")]
    [InlineData("""["a"]""", "no JSON object")]
    [InlineData("""{"content": "a"}""", "\"text\" is missing")]
    [InlineData("""{"text": 7}""", "no text")]
    [InlineData("""{"text": ["a"]}""", "no text")]
    [InlineData("""{"text": "\ud83d"}""", "no text")]
    public void A_line_without_its_text_is_counted_with_its_place(string line, string expected)
    {
        using var temporary = new TemporaryFolder();
        var bad = new BadRecords();
        var file = Reading.File(temporary, "a.jsonl", "{\"text\": \"vor\"}\n" + line + "\n{\"text\": \"nach\"}\n");
        Assert.Equal([["vor"], ["nach"]], Reading.All(Texts(file), bad));
        Assert.Equal(1, bad.Count);
        Assert.Contains("a.jsonl, line 2", bad.First[0], StringComparison.Ordinal);
        Assert.Contains(expected, bad.First[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_are_found_under_any_of_a_languages_codes()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.jsonl", """
            {"id": 1, "translation": {"iw": "שלום", "en": "hello", "de": "hallo"}}
            {"translation": {"en": "no Hebrew"}}
            {"en": "peace", "heb_Hebr": "שלום", "translation_of": "en"}
            {"translation": {"he": " ", "en": "blank"}}
            """);
        var bad = new BadRecords();
        Assert.Equal([["שלום", "hello"], ["שלום", "peace"]], Reading.All(new JsonPairReader(file, ["he", "en"], new()), bad));
        Assert.Contains("line 2: no text in he and en", bad.Cause!, StringComparison.Ordinal);
        Assert.Equal((0, 1), (bad.Count, bad.Absent)); // A line of other languages is no bad one.
    }

    [Theory]
    [InlineData("""{"translation": {"en": "a dog", "id": "seekor anjing"}, "id": "row-0"}""")]
    [InlineData("""{"id": "row-0", "translation": {"en": "a dog", "id": "seekor anjing"}}""")]
    [InlineData("""{"id": 7, "translation": {"id": "seekor anjing", "en": "a dog"}, "en": "not this"}""")]
    [InlineData("""{"en": "a dog", "id": "seekor anjing"}""")]
    [InlineData("""{"id": "row-0", "en": "a dog", "ind": "seekor anjing"}""")]
    [InlineData("""{"ind": "seekor anjing", "en": "a dog", "id": 7, "translation": "seekor anjing"}""")]
    public void A_row_that_has_a_name_is_not_Indonesian(string line)
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.jsonl", line);
        Assert.Equal([["a dog", "seekor anjing"]], Reading.All(new JsonPairReader(file, ["en", "id"], new())));
        Assert.Equal([["a dog", "", "seekor anjing"]], Reading.All(new JsonPairReader(file, ["en", "fr", "id"], new())));
    }

    [Theory]
    [InlineData("""{"id": "row-0", "translation": {"en": "a dog", "fr": "un chien"}}""")]
    [InlineData("""{"id": "row-0", "en": "a dog", "fr": "un chien"}""")]
    [InlineData("""{"en": "a dog", "fr": "un chien", "id": 17, "no": 4}""")]
    public void A_row_that_has_a_name_has_no_text_by_it(string line)
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.jsonl", line);
        Assert.Equal([["a dog", "un chien", "", ""]], Reading.All(new JsonPairReader(file, ["en", "fr", "id", "no"], new())));
        Assert.Empty(Reading.All(new JsonPairReader(file, ["en", "id"], new())));
    }

    [Fact]
    public void An_array_that_is_no_Utf8_is_read_as_lines_are()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.json", [0xEF, 0xBB, 0xBF, .. "\n [{\"text\": \"gut\"}, {\"text\": \"schl"u8, 0xE4, .. "cht\"}, {\"text\": \"besser\"}]"u8]);
        Assert.Contains("a.json, entry 2: byte", Assert.Throws<LlamaxException>(() => Reading.All(Texts(file))).Message, StringComparison.Ordinal);
        var bad = new BadRecords();
        Assert.Equal([["gut"], ["besser"]], Reading.All(RecordSources.Texts(file, "de", RecordFormat.Auto, "text", new() { InvalidUtf8 = InvalidUtf8.Skip }), bad));
        Assert.Equal("no UTF-8", Assert.Single(bad.Reasons).Key);
        Assert.Equal(
            [["gut"], ["schl\uFFFDcht"], ["besser"]],
            Reading.All(RecordSources.Texts(file, "de", RecordFormat.Auto, "text", new() { InvalidUtf8 = InvalidUtf8.Replace })));
    }

    /// <summary>An array may be longer than the longest line.</summary>
    [Fact]
    public void An_array_on_one_line_may_be_long()
    {
        using var temporary = new TemporaryFolder();
        var entry = "{\"text\": \"" + new string('x', 1 << 20) + "\"}";
        var file = Reading.File(temporary, "a.json", $"[{string.Join(',', Enumerable.Repeat(entry, (LineReader.MaximumLength >> 20) + 1))}]");
        Assert.Equal((LineReader.MaximumLength >> 20) + 1, Texts(file).ReadRaw(new BadRecords(), TestContext.Current.CancellationToken).Sum(batch =>
        {
            using (batch)
            {
                return batch.Count;
            }
        }));
    }

    [Fact]
    public void A_document_that_is_too_large_is_refused()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.json.gz", "[" + new string(' ', 1 << 20) + "]");
        Assert.Equal((1 << 20) + 2, JsonDocuments.Read(file).Length);
        Assert.Contains("a.json.gz: a JSON document of more than 1 MiB", Assert.Throws<LlamaxException>(() => JsonDocuments.Read(file, 1 << 20)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_an_object_is_the_one_that_a_document_tree_has()
    {
        using var temporary = new TemporaryFolder();
        var value = Gen.OneOf(Gen.String, Gen.String[Gen.Char["a\"\\/\b\n\t\u0001é中\uD83D\uDE42"], 0, 20]);
        Gen.Select(Gen.Dictionary(Gen.Int[0, 3].Select(i => new[] { "text", "url", "translation", "x" }[i]), value)[0, 4], Gen.Bool).Sample((fields, escaped) =>
        {
            var line = JsonSerializer.Serialize(fields, escaped ? JsonSerializerOptions.Default : Relaxed);
            using var tree = JsonDocument.Parse(line);
            var expected = tree.RootElement.TryGetProperty("text", out var text) && text.GetString()!.Trim().Length > 0 ? text.GetString()!.Trim() : null;
            var read = Reading.All(Texts(Reading.File(temporary, "a.jsonl", line)), new BadRecords());
            return expected is null ? read.Count == 0 : read.Count == 1 && read[0][0] == expected;
        }, iter: 1000, threads: 1);
    }

    private static RecordReader Texts(TextFile file) => RecordSources.Texts(file, "de", RecordFormat.Auto, "text", new());
}
