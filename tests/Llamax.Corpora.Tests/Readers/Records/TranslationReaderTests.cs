using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers.Records;

public sealed class TranslationReaderTests
{
    [Fact]
    public void Teds_table_is_a_multiway_set_with_gaps()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "all_talks.tsv", """
            talk_name	en	es	pt-br	fr	zh-cn
            t1	thank you	gracias	__NULL__	merci	谢谢
            t1	hello	__NULL__	__NULL__	__NULL__	__NULL__
            t1	yes	sí	sim	oui	__NULL__
            """);
        Assert.Equal(
            [["merci", "thank you", ""], ["oui", "yes", "sim"]],
            Reading.All(RecordSources.Translations(file, ["fr", "en", "pt"], RecordFormat.Auto, null, new())));
        var message = Assert.Throws<LlamaxException>(() => RecordSources.Translations(file, ["en", "sw"], RecordFormat.Auto, null, new())).Message;
        Assert.Contains("none for sw", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_without_a_header_go_by_their_order_or_their_numbers()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.tsv.gz", "0.9\tone\teins\n0.8\ttwo\n\n0.7\tthree\tdrei\n");
        var bad = new BadRecords();
        Assert.Equal([["eins", "one"], ["drei", "three"]], Reading.All(RecordSources.Translations(file, ["de", "en"], RecordFormat.Auto, [2, 1], new()), bad));
        Assert.Contains("line 2: too few columns", Assert.Single(bad.First), StringComparison.Ordinal);
        Assert.Equal(["0.9", "one"], Reading.All(RecordSources.Translations(file, ["de", "en"], RecordFormat.Auto, null, new()))[0]);
    }

    [Fact]
    public void Words_that_are_codes_of_languages_make_no_header_of_a_first_line()
    {
        using var temporary = new TemporaryFolder();
        var same = Reading.File(temporary, "a.tsv", "bus\tbus\nein\tone\n");
        Assert.Equal([["bus", "bus"], ["ein", "one"]], Reading.All(RecordSources.Translations(same, ["de", "en"], RecordFormat.Auto, null, new())));
        var codes = Reading.File(temporary, "b.tsv", "la\tto\nein\tone\n");
        Assert.Equal([["la", "to"], ["ein", "one"]], Reading.All(RecordSources.Translations(codes, ["de", "en"], RecordFormat.Auto, [0, 1], new())));
        var header = Reading.File(temporary, "c.tsv", "de\ten\nein\tone\n");
        Assert.Equal([["ein", "one"]], Reading.All(RecordSources.Translations(header, ["de", "en"], RecordFormat.Auto, [0, 1], new())));
    }

    [Fact]
    public void A_translation_memory_gives_its_segments_without_codes_of_formatting()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.tmx.gz", """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE tmx SYSTEM "tmx14.dtd">
            <tmx version="1.4"><header srclang="en" segtype="sentence"/><body>
            <tu><prop type="x">1</prop><tuv xml:lang="en-US"><seg>A <bpt i="1">&lt;b&gt;</bpt>bold <hi>word</hi><ept i="1">&lt;/b&gt;</ept> &amp; more</seg></tuv>
                <tuv xml:lang="DE"><seg>Ein fettes Wort<ph><sub>x</sub></ph></seg></tuv><tuv xml:lang="de"><seg>noch eins</seg></tuv></tu>
            <tu><tuv lang="en"><seg>alone</seg></tuv></tu>
            <tu/>
            <tu><tuv lang="de"><seg/></tuv><tuv lang="en"><seg>nothing</seg></tuv></tu>
            <tu><tuv xml:lang="fr"><seg>deux</seg></tuv><tuv xml:lang="de_AT"><seg>zwei</seg></tuv><tuv xml:lang="en"><seg> two
             </seg></tuv></tu>
            </body></tmx>
            """);
        var bad = new BadRecords();
        Assert.Equal([["Ein fettes Wort", "A bold word & more"], ["zwei", "two"]], Reading.All(new TmxReader(file, ["de", "en"]), bad));
        Assert.Equal((0, 2), (bad.Count, bad.Absent)); // Units of other languages are no bad ones.
        Assert.Contains("unit 2: no text in de and en", bad.Cause!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en-US", "en", true)]
    [InlineData("es-419", "es", true)]
    [InlineData("zh-Hant-TW", "zhtrad", true)]
    [InlineData("zh-Hans-CN", "zh", true)]
    [InlineData("ru-Cyrl", "ru", true)]
    [InlineData("sr-Latn", "sr", false)]
    [InlineData("sr-Cyrl-RS", "sr", true)]
    [InlineData("zh-Latn", "zh", false)]
    [InlineData("ca-ES-valencia", "ca", true)]
    [InlineData("es-ES_tradnl", "es", true)]
    [InlineData("de-DE-1996", "de", true)]
    [InlineData("zh-Hant", "zh", false)]
    [InlineData("id_number", "id", false)]
    public void A_name_means_a_language_in_its_own_script_of_any_region(string name, string code, bool means) => Assert.Equal(means, LanguageNames.Means(name, code));

    [Fact]
    public void The_column_with_the_languages_own_code_counts()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.tsv", "en\tpt-br\tpt\none\tum\tuma\n");
        Assert.Equal([["one", "uma"]], Reading.All(RecordSources.Translations(file, ["en", "pt"], RecordFormat.Auto, null, new())));
        Assert.Equal(["pt-br"], DelimitedReader.Open(file, ["en", "pt"], null, new()).LeftAlone);
        Assert.Empty(DelimitedReader.Open(file, ["en", "pt"], [0, 1], new()).LeftAlone);
        var several = Reading.File(temporary, "b.tsv", "en-GB\ten-US\tpt-br\ncolour\tcolor\tcor\n");
        var message = Assert.Throws<LlamaxException>(() => RecordSources.Translations(several, ["en", "pt"], RecordFormat.Auto, null, new())).Message;
        Assert.Contains("b.tsv, line 1: the columns en-GB and en-US may each be en", message, StringComparison.Ordinal);
        Assert.Equal([["color", "cor"]], Reading.All(RecordSources.Translations(several, ["en", "pt"], RecordFormat.Auto, [1, 2], new())));
    }

    [Theory]
    [InlineData("pt", "pt-BR", "por")]
    [InlineData("pt-BR", "pt", "por")]
    [InlineData("por", "pt-BR", "pt")]
    public void The_text_under_the_languages_own_code_counts_wherever_it_stands(params string[] names)
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.jsonl", $$$"""{"translation": { {{{string.Join(", ", names.Select(name => $"\"{name}\": \"{name} text\""))}}}, "en": "text"}}""");
        Assert.Equal([["text", "pt text"]], Reading.All(RecordSources.Translations(file, ["en", "pt"], RecordFormat.Auto, null, new())));
        file = Reading.File(temporary, "a.tmx", $"<tmx><body><tu>{string.Concat(names.Select(name => $"<tuv xml:lang=\"{name}\"><seg>{name} text</seg></tuv>"))}<tuv xml:lang=\"en\"><seg>text</seg></tuv></tu></body></tmx>");
        Assert.Equal([["text", "pt text"]], Reading.All(RecordSources.Translations(file, ["en", "pt"], RecordFormat.Auto, null, new())));
    }

    [Fact]
    public void A_column_that_names_the_rows_is_not_Indonesian()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.tsv", "id\ten\tfr\nrow-0\tone\tun\nrow-1\ttwo\tdeux\n");
        Assert.Equal([["one", "un", ""], ["two", "deux", ""]], Reading.All(RecordSources.Translations(file, ["en", "fr", "id"], RecordFormat.Auto, null, new())));
        var bad = new BadRecords();
        Assert.Empty(Reading.All(RecordSources.Translations(file, ["en", "id"], RecordFormat.Auto, null, new()), bad));
        Assert.Equal("the column id names the row", Assert.Single(bad.Reasons).Key);
        var indonesian = Reading.File(temporary, "b.tsv", "id\ten\nsatu\tone\ndua 2\ttwo\n");
        Assert.Equal([["one", "satu"], ["two", "dua 2"]], Reading.All(RecordSources.Translations(indonesian, ["en", "id"], RecordFormat.Auto, null, new())));
    }

    /// <summary>Small when packed; what it unpacks to is refused before it is in memory.</summary>
    [Theory]
    [InlineData("a text", "<tu><tuv xml:lang=\"en\"><seg>{0}</seg></tuv></tu>")]
    [InlineData("a text between others", "<tu><tuv xml:lang=\"en\"><seg>a<hi>{0}</hi></seg></tuv></tu>")]
    [InlineData("an attribute", "<tu note=\"{0}\"></tu>")]
    [InlineData("a name", "<tu><{0}/></tu>")]
    [InlineData("CDATA", "<tu><tuv xml:lang=\"en\"><seg><![CDATA[{0}]]></seg></tuv></tu>")]
    [InlineData("a code of formatting", "<tu><tuv xml:lang=\"en\"><seg><ph>{0}</ph></seg></tuv></tu>")]
    public void What_is_no_segment_but_a_bomb_is_refused(string what, string unit)
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "bomb.tmx.gz", "<tmx><body>" + unit.Replace("{0}", new string('x', 40 << 20), StringComparison.Ordinal) + "</body></tmx>");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Record.Exception(() => Reading.All(new TmxReader(file, ["en", "de"]), new BadRecords()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 << 20);
        Assert.True(exception is LlamaxException, what);
        Assert.Contains("bomb.tmx.gz has a", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_inside_of_each_other_without_end_are_refused()
    {
        using var temporary = new TemporaryFolder();
        foreach (var before in new[] { "", "<tu>", "<tu><tuv xml:lang=\"en\"><seg>", "<tu><tuv xml:lang=\"en\"><seg><ph>" })
        {
            var file = Reading.File(temporary, "deep.tmx", "<tmx><body>" + before + string.Concat(Enumerable.Repeat("<a>", 100_000)));
            Assert.Contains("64 deep", Assert.Throws<LlamaxException>(() => Reading.All(new TmxReader(file, ["en", "de"]), new BadRecords())).Message, StringComparison.Ordinal);
        }

        var bad = new BadRecords();
        bad.Add("a.tmx", 1, "no TMX", new string('x', 1_000_000));
        Assert.InRange(bad.First[0].Length, 100, 300);
    }

    [Fact]
    public void A_bomb_expands_to_nothing()
    {
        using var temporary = new TemporaryFolder();
        var entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">"));
        var file = Reading.File(temporary, "bomb.tmx", $"""
            <!DOCTYPE tmx [<!ENTITY e0 "boom">{entities}<!ENTITY file SYSTEM "file:///etc/hostname">]>
            <tmx version="1.4"><body>
            <tu><tuv xml:lang="en"><seg>good</seg></tuv><tuv xml:lang="de"><seg>gut</seg></tuv></tu>
            <tu><tuv xml:lang="en"><seg>&e9;</seg></tuv><tuv xml:lang="de"><seg>&file;</seg></tuv></tu></body></tmx>
            """);
        var bad = new BadRecords();
        Assert.Equal([["good", "gut"]], Reading.All(new TmxReader(file, ["en", "de"]), bad));
        Assert.Contains("after unit", Assert.Single(bad.First), StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_that_is_cut_off_keeps_its_units_and_another_file_is_none()
    {
        using var temporary = new TemporaryFolder();
        var units = string.Concat(Enumerable.Range(0, 5000).Select(i => $"<tu><tuv xml:lang=\"en\"><seg>en {i}</seg></tuv><tuv xml:lang=\"de\"><seg>de {i}</seg></tuv></tu>\n"));
        var file = Reading.File(temporary, "cut.tmx", ("<tmx><body>" + units)[..^40]);
        var bad = new BadRecords();
        var read = Reading.All(new TmxReader(file, ["en", "de"]), bad);
        Assert.Equal(4999, read.Count);
        Assert.Contains("after unit 5000", Assert.Single(bad.First), StringComparison.Ordinal);
        Assert.Throws<LlamaxException>(() => Reading.All(new TmxReader(Reading.File(temporary, "x.tmx", "<html></html>"), ["en", "de"])));
    }

    [Fact]
    public void Formats_that_do_not_fit_are_refused_with_those_that_do()
    {
        using var temporary = new TemporaryFolder();
        var tmx = Reading.File(temporary, "a.tmx", "<tmx/>");
        Assert.Contains("data.parallel", Assert.Throws<LlamaxException>(() => RecordSources.Texts(tmx, "en", RecordFormat.Auto, "text", new())).Message, StringComparison.Ordinal);
        var text = Reading.File(temporary, "a.txt", "x");
        Assert.Contains("{lang}", Assert.Throws<LlamaxException>(() => RecordSources.Translations(text, ["en", "de"], RecordFormat.Auto, null, new())).Message, StringComparison.Ordinal);
    }
}
