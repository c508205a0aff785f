using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Building;

/// <summary>Cleaning as a part of building: what reaches the shards, and what the manifest says of it.</summary>
public sealed class CleanedTrainingSetTests
{
    private static readonly CharacterTokenizer Tokenizer = new();

    private static readonly DataOptions Once = new() { ReplicateBelow = 0, AugmentBelow = 0, Bos = false, Eos = false };

    [Fact]
    public void Texts_are_repaired_and_what_steps_leave_out_does_not_come()
    {
        using var temporary = new TemporaryFolder();
        var test = temporary.File("test.txt");
        File.WriteAllText(test, "one sentence of the test set\n");
        var (texts, manifest) = Build(
            temporary,
            Once with { Cleaning = new() { MinLength = 4, MaxRatio = 3, SameAsSource = true } },
            BenchmarkIndex.Build(new Dictionary<string, IReadOnlyList<TextFile>> { ["toy"] = [TextFile.FindOne(test)] }, new()),
            Texts(temporary, "en", "BarÃ§a is\0 a club", "abc", "One sentence of the test set!", "twice the same", "twice the same"),
            Pairs(temporary, "en", "fr", ("a house", "une maison"), ("Paris", "Paris"), ("short", "trois fois plus long que cela"), ("one sentence of the test set", "une phrase"), ("ab", "abcd")));
        Assert.Equal(["Barça is a club", "a house une maison", "twice the same"], texts.Select(text => text == "une maison a house" ? "a house une maison" : text).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "decontaminate en 2 toy", "duplicates en 1", "max_ratio en-fr 1", "min_length en 2", "same_as_source en-fr 1", "unicode en 1",
            ],
            new CleaningCounts(manifest.Cleaning).Rows.Select(row => $"{row.Step} {row.Languages} {row.Count}{(row.Benchmark is null ? "" : " " + row.Benchmark)}"));
    }

    [Fact]
    public void A_file_of_which_cleaning_leaves_nothing_was_read()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.File("a.jsonl");
        File.WriteAllText(path, "{\"text\": \"abc\"}\n{\"text\": 7}\n");
        var unit = new WorkUnit(new JsonTextReader(TextFile.FindOne(path), "en", "text", escapedLineEnds: false, new()), [TextFile.FindOne(path)], "json");
        var (texts, manifest) = Build(temporary, Once with { Cleaning = new() { MinLength = 4 } }, null, unit, Texts(temporary, "en", "long enough"));
        Assert.Equal(["long enough"], texts);
        Assert.Equal("min_length en 1", Assert.Single(manifest.Cleaning.Select(row => $"{row.Step} {row.Languages} {row.Count}")));
    }

    [Fact]
    public void Units_of_other_languages_are_counted_and_are_no_bad_lines()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.File("a.tmx");
        string Unit(string language, string text) => $"<tu><tuv xml:lang=\"en\"><seg>{text}</seg></tuv><tuv xml:lang=\"{language}\"><seg>{text} too</seg></tuv></tu>";
        File.WriteAllText(path, $"<tmx><body>{Unit("fr", "one")}{Unit("de", "two")}{Unit("cs", "three")}</body></tmx>");
        WorkUnit Wanted(string language) => new(new TmxReader(TextFile.FindOne(path), ["en", language]), [TextFile.FindOne(path)], "tmx");
        var (texts, manifest) = Build(temporary, Once, null, Wanted("fr"));
        Assert.Single(texts);
        Assert.Equal(2, manifest.LeftOut["records without the languages wanted"]);
        Assert.Contains("none of its 3", Assert.Throws<LlamaxException>(() => Build(temporary, Once, null, Wanted("sw"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Texts in groups of near duplicates, in two files: the reference takes the first of each group.</summary>
    [Fact]
    public void Of_near_duplicates_one_stays_within_a_corpus_and_across()
    {
        using var temporary = new TemporaryFolder();
        string Group(int group, int variant) => string.Join(' ', Enumerable.Range(0, 80).Select(i => i == variant * 40 % 80 && variant > 0 ? $"other{variant}" : $"w{group}x{i}"));
        var all = Enumerable.Range(0, 30).SelectMany(group => Enumerable.Range(0, 3).Select(variant => Group(group, variant))).ToArray();
        var (texts, manifest) = Build(
            temporary, Once with { BlockSize = 1 << 16, Cleaning = new() { NearDuplicates = new() { Enabled = true } } }, null,
            Texts(temporary, "en", all[..40]), Texts(temporary, "en", all[40..]));
        Assert.Equal(30, texts.Select(text => text.Split('x')[0]).Distinct().Count());
        Assert.Equal(30, texts.Count);
        Assert.Equal(60, manifest.Cleaning.Single(row => row.Step == CleaningStep.NearDuplicates).Count);
        Assert.Equal(90, Build(temporary, Once with { BlockSize = 1 << 16 }, null, Texts(temporary, "en", all)).Texts.Count);
    }

    private static (List<string> Texts, ShardManifest Manifest) Build(TemporaryFolder temporary, DataOptions options, BenchmarkIndex? benchmarks, params WorkUnit[] units)
    {
        var folder = temporary.File($"{Guid.NewGuid()}");
        var manifest = new TrainingSetBuilder(folder, Tokenizer, stamp: null, options, new BuildOptions { Seed = 1, MaxBadRecords = 1, Threads = 2, Identity = "cleaning" })
            .Build(new TrainingSources { Units = units, Benchmarks = benchmarks }, switcher: null, TestContext.Current.CancellationToken)!;
        return ([.. ShardSamples.Read(folder).Select(entry => Tokenizer.Decode(entry.InputIds))], manifest);
    }

    private static WorkUnit Texts(TemporaryFolder temporary, string language, params string[] lines) => Unit([Lines(temporary, lines)], [language]);

    private static WorkUnit Pairs(TemporaryFolder temporary, string first, string second, params (string First, string Second)[] pairs) =>
        Unit([Lines(temporary, pairs.Select(pair => pair.First)), Lines(temporary, pairs.Select(pair => pair.Second))], [first, second]);

    private static WorkUnit Unit(TextFile[] files, string[] languages) => new(new AlignedTextReader(files, languages, new ReadingOptions()), files, "");

    private static TextFile Lines(TemporaryFolder temporary, IEnumerable<string> lines)
    {
        var path = temporary.File($"{Guid.NewGuid()}.txt");
        File.WriteAllLines(path, lines);
        return TextFile.FindOne(path);
    }
}
