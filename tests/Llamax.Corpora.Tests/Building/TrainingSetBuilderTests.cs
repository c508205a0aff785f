using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;
using Llamax.Text.Prompts;

namespace Llamax.Corpora.Tests.Building;

public sealed class TrainingSetBuilderTests
{
    private static readonly CharacterTokenizer Tokenizer = new();

    private static readonly DataOptions Paper = new() { ReplicateBelow = 10, AugmentBelow = 10, Replicate = 3 };

    [Fact]
    public void Pairs_of_a_scarce_direction_enter_three_times_and_others_once()
    {
        using var temporary = new TemporaryFolder();
        WorkUnit[] sets = [Lines(temporary, 12, "en", "fr"), Lines(temporary, 4, "en", "de")];
        var entries = Build(temporary, Paper with { AugmentBelow = 0 }, sets);
        Assert.Equal(12, entries.Count(entry => entry.Direction is "en-fr" or "fr-en"));
        Assert.Equal(3 * 4, entries.Count(entry => entry.Direction is "en-de" or "de-en"));
        Assert.All(entries, entry => Assert.Equal("parallel", entry.Kind));
        var copies = entries.Where(entry => entry.Direction is "en-de" or "de-en").GroupBy(entry => string.Join(' ', Text(entry).Split(' ').Order()));
        Assert.All(copies, copy => Assert.Equal(3, copy.Count()));
    }

    [Fact]
    public void The_direction_is_drawn_evenly_per_pair()
    {
        using var temporary = new TemporaryFolder();
        var entries = Build(temporary, Paper with { AugmentBelow = 0 }, [Lines(temporary, 400, "en", "fr")]);
        Assert.Equal(400, entries.Count);
        Assert.InRange(entries.Count(entry => entry.Direction == "en-fr"), 160, 240); // Four standard deviations.
        Assert.All(entries, entry => Assert.StartsWith(entry.Direction[..2], Text(entry), StringComparison.Ordinal));
    }

    [Fact]
    public void An_unordered_pair_of_sentences_enters_once_whichever_set_has_it()
    {
        using var temporary = new TemporaryFolder();
        var set = Lines(temporary, 20, "en", "fr");
        var manifest = BuildManifest(temporary, Paper with { AugmentBelow = 0 }, [set, Lines(temporary, 25, "fr", "en")]);
        Assert.Equal(25, manifest.Rows);
        Assert.Equal(20, manifest.LeftOut["sentence pairs that occur again"]);
    }

    [Fact]
    public void Max_pairs_keeps_a_random_sample_and_the_thresholds_count_what_was_there()
    {
        using var temporary = new TemporaryFolder();
        var manifest = BuildManifest(temporary, Paper with { AugmentBelow = 0, MaxPairs = 5 }, [Lines(temporary, 12, "en", "fr")]);
        Assert.Equal(5, manifest.Rows);
        Assert.Equal(7, manifest.LeftOut["sentence pairs above max_pairs"]);
    }

    [Fact]
    public void Languages_below_the_threshold_are_code_switched_in_both_directions_with_loss_on_the_target()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "de", [("en0", "null"), ("en1", "eins")]);
        lexicon.Add("fr", "de", [("fr0", "nichts")]);
        var options = Paper with { ReplicateBelow = 0, CodeSwitch = new CodeSwitchOptions { Rate = 1, Copies = 2 } };
        WorkUnit[] sets = [Lines(temporary, 4, "en", "fr")];
        var entries = Build(temporary, options, sets, new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1));
        var switched = entries.Where(entry => entry.Kind == "code-switched").ToList();
        Assert.Equal(
            ["eins fr1", "eins fr1", "nichts en0", "nichts en0", "null fr0", "null fr0"], switched.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(switched, entry => Assert.Equal(Text(entry).Split(' ')[1], Tokenizer.Decode(entry.InputIds.AsSpan(entry.LossFrom))));
        Assert.Equal(4, entries.Count(entry => entry.Kind == "parallel"));

        var plenty = Build(temporary, options with { AugmentBelow = 4 }, sets, new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1));
        Assert.DoesNotContain(plenty, entry => entry.Kind == "code-switched");
        var off = options with { CodeSwitch = options.CodeSwitch with { Enabled = false } };
        Assert.DoesNotContain(Build(temporary, off, sets, new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1)), entry => entry.Kind == "code-switched");
    }

    /// <summary>A language's pairs with all its partners count together: 6 + 6 is no longer scarce, 6 alone is.</summary>
    [Fact]
    public void The_threshold_of_augmentation_is_per_language()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "zz", Enumerable.Range(0, 6).Select(i => ($"en{i}", $"z{i}")));
        lexicon.Add("fr", "zz", Enumerable.Range(0, 6).Select(i => ($"fr{i}", $"z{i}")));
        lexicon.Add("de", "zz", Enumerable.Range(0, 6).Select(i => ($"de{i}", $"z{i}")));
        var options = Paper with { CodeSwitch = new CodeSwitchOptions { Rate = 1 } };
        Assert.DoesNotContain(
            Build(temporary, options, [Lines(temporary, 6, "en", "fr", "de")], new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1)),
            entry => entry.Kind == "code-switched");
        Assert.Equal(12, Build(temporary, options, [Lines(temporary, 6, "en", "fr")], new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1))
            .Count(entry => entry.Kind == "code-switched"));
    }

    [Fact]
    public void The_bytes_depend_on_the_seed_and_not_on_the_threads()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "de", Enumerable.Range(0, 3000).Select(i => ($"en{i}", $"de{i}")));
        lexicon.Add("en", "es", Enumerable.Range(0, 3000).Select(i => ($"en{i}", $"es{i}")));
        var options = Paper with { AugmentBelow = 1 << 20, Shards = new ShardOptions { Rows = 1500 } };
        WorkUnit[] sets = [Lines(temporary, 3000, "en", "fr")];
        string Hashes(long seed, int threads) => string.Join(' ', BuildManifest(
            temporary, options, sets, new CodeSwitcher(lexicon.Build(1), options.CodeSwitch with { Rate = 0.5 }, seed), seed, threads).Shards.Select(shard => shard.Sha256));

        var one = Hashes(1, 1);
        Assert.Equal(one, Hashes(1, 4));
        Assert.NotEqual(one, Hashes(2, 1));
    }

    [Fact]
    public void A_pairs_draws_do_not_depend_on_where_it_stands()
    {
        using var temporary = new TemporaryFolder();
        var lines = Enumerable.Range(0, 50).ToArray();
        var forward = Build(temporary, Paper, [Lines(temporary, lines, "en", "fr")]);
        var backward = Build(temporary, Paper, [Lines(temporary, lines.Reverse(), "en", "fr")]);
        Assert.Equal(forward.Select(Text).Order(StringComparer.Ordinal), backward.Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_and_instructions_enter_and_what_is_left_out_is_counted()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("en.txt"), "A first text.\n\n  A second one.  \n");
        File.WriteAllText(temporary.File("tasks.json"), $$"""
            [{"instruction": "Say hello.", "output": "Hello."},
             {"instruction": "Count.", "input": "", "output": "{{new string('1', 600)}}"}]
            """);
        var english = TextFile.FindOne(temporary.File("en.txt"));
        var texts = new WorkUnit(new AlignedTextReader([english], ["en"], new ReadingOptions()), [english], "");
        var manifest = new TrainingSetBuilder(temporary.File("data"), Tokenizer, stamp: null, new DataOptions(), new BuildOptions { Seed = 1 }).Build(
            new TrainingSources { Units = [texts, texts], Instructions = TextFile.Find(temporary.File("tasks.json")), Template = PromptTemplate.Find("alpaca") },
            null, TestContext.Current.CancellationToken)!;
        var entries = ShardSamples.Read(temporary.File("data")).ToList();
        Assert.Equal(["A first text.", "A second one."], entries.Where(entry => entry.Kind == "mono").Select(Text));
        Assert.Single(entries, entry => entry.Kind == "instruction");
        Assert.Equal(new Dictionary<string, long> { ["files with the same content as another one"] = 1, [ExampleEncoder.InstructionTooLong] = 1 }, manifest.LeftOut);
    }

    [Fact]
    public void Instructions_that_a_test_set_has_stay_out()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("test.txt"), "How many legs does a spider have?\n");
        File.WriteAllText(temporary.File("tasks.json"), """
            [{"instruction": "how many legs does a spider have", "output": "Eight."}, {"instruction": "Say hello.", "output": "Hello."}]
            """);
        var benchmarks = BenchmarkIndex.Build(
            new Dictionary<string, IReadOnlyList<TextFile>> { ["quiz"] = TextFile.Find(temporary.File("test.txt")) }, new DecontaminationOptions(), TestContext.Current.CancellationToken);
        var manifest = new TrainingSetBuilder(temporary.File("data"), Tokenizer, null, new DataOptions(), new BuildOptions { Seed = 1 }).Build(
            new TrainingSources { Instructions = TextFile.Find(temporary.File("tasks.json")), Template = PromptTemplate.Find("alpaca"), Benchmarks = benchmarks },
            null, TestContext.Current.CancellationToken)!;
        Assert.Equal(1, manifest.Rows);
        Assert.Equal(KeyValuePair.Create("instructions that a benchmark's test set has", 1L), Assert.Single(manifest.LeftOut));
        Assert.Equal(new CleaningCount(CleaningStep.Contaminated, "und", 1, "quiz"), Assert.Single(manifest.Cleaning));
    }

    [Fact]
    public void Names_of_instruction_files_change_nothing_and_of_equal_files_one_enters()
    {
        using var temporary = new TemporaryFolder();
        string[] contents = [.. Enumerable.Range(0, 3).Select(i => $$"""[{"instruction": "Say {{i}}.", "output": "{{i}}."}]""")];
        ShardManifest Made(string set, params string[] names)
        {
            foreach (var (name, content) in names.Zip(contents.Append(contents[1])))
            {
                File.WriteAllText(temporary.File($"{set}-{name}.json"), content);
            }

            return new TrainingSetBuilder(temporary.File(set), Tokenizer, null, new DataOptions(), new BuildOptions { Seed = 1 }).Build(
                new TrainingSources { Instructions = TextFile.Find(temporary.File($"{set}-*.json")), Template = PromptTemplate.Find("alpaca") }, null, TestContext.Current.CancellationToken)!;
        }

        var one = Made("one", "a", "b", "c");
        var sha = Assert.Single(one.Shards).Sha256;
        Assert.Equal(sha, Assert.Single(Made("other", "z", "y", "x").Shards).Sha256);
        var twice = Made("twice", "b", "c", "a", "d");
        Assert.Equal(sha, Assert.Single(twice.Shards).Sha256);
        Assert.Equal(1, twice.LeftOut["files with the same content as another one"]);
        Assert.Equal(one.Fingerprint, twice.Fingerprint);
    }

    [Fact]
    public void Pairs_in_which_no_word_can_be_replaced_are_counted_and_a_lexicon_without_use_is_noted()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "fr", Enumerable.Range(0, 4).Select(i => ($"en{i}", $"fr{i}"))); // No third language.
        var options = Paper with { ReplicateBelow = 0, CodeSwitch = new CodeSwitchOptions { Rate = 1, Copies = 3, From = CodeSwitchSource.Both } };
        var (switcher, notes) = (new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1), new List<string>());
        var manifest = new TrainingSetBuilder(temporary.File("data"), Tokenizer, null, options, new BuildOptions { Seed = 1, Note = notes.Add })
            .Build(new TrainingSources { Units = [Lines(temporary, 4, "en", "fr"), Lines(temporary, 2, "de")] }, switcher, TestContext.Current.CancellationToken)!;
        Assert.Equal(new Dictionary<string, long> { ["code-switched pairs in which no word was replaced, by entry"] = 4 * 2 * 3, ["code-switched texts in which no word was replaced, by entry"] = 2 * 3 }, manifest.LeftOut);
        Assert.Contains("code-switching gave no entry", Assert.Single(notes), StringComparison.Ordinal);

        lexicon = new LexiconBuilder();
        lexicon.Add("en", "de", [("en0", "null")]);
        notes.Clear();
        manifest = new TrainingSetBuilder(temporary.File("data"), Tokenizer, null, options, new BuildOptions { Seed = 1, Note = notes.Add, Identity = "other" })
            .Build(new TrainingSources { Units = [Lines(temporary, 4, "en", "fr")] }, new CodeSwitcher(lexicon.Build(1), options.CodeSwitch, 1), TestContext.Current.CancellationToken)!;
        Assert.Equal((4 * 2 * 3) - 3, manifest.LeftOut["code-switched pairs in which no word was replaced, by entry"]); // All but the copies of one direction of one pair.
        Assert.Empty(notes);
    }

    [Fact]
    public void A_code_with_a_hyphen_would_be_a_pair()
    {
        using var temporary = new TemporaryFolder();
        Assert.Contains("a hyphen parts the two languages of a pair", Assert.Throws<LlamaxException>(() => Lines(temporary, 1, "pt-BR")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_process_killed_at_the_end_left_goes_with_the_next()
    {
        using var temporary = new TemporaryFolder();
        WorkUnit[] units = [Lines(temporary, 4, "en", "fr")];
        BuildManifest(temporary, Paper, units);
        Directory.CreateDirectory(temporary.File("data.replaced"));
        BuildManifest(temporary, Paper, units);
        Assert.False(Directory.Exists(temporary.File("data.replaced")));
    }

    [Fact]
    public void A_cancelled_build_leaves_no_training_set_and_the_next_goes_on()
    {
        using var temporary = new TemporaryFolder();
        WorkUnit[] units = [Lines(temporary, 20, "en", "fr"), Lines(temporary, 20, "de", "es")];
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var builder = new TrainingSetBuilder(temporary.File("data"), Tokenizer, null, Paper, new BuildOptions
        {
            Seed = 1,
            Progress = new Told(report =>
            {
                if (++steps == 2)
                {
                    cancellation.Cancel();
                }
            }),
        });
        Assert.ThrowsAny<OperationCanceledException>(() => builder.Build(new TrainingSources { Units = units }, null, cancellation.Token));
        Assert.False(Directory.Exists(temporary.File("data")));
        var scans = Directory.GetDirectories(temporary.File("data.work"), "*", SearchOption.AllDirectories).Where(folder => !folder.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.NotEmpty(scans);
        BuildManifest(temporary, Paper, units);
        Assert.False(Directory.Exists(temporary.File("data.work")));
    }

    private sealed class Told(Action<BuildProgress> tell) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => tell(value);
    }

    private static string Text(TrainingExample example) => Tokenizer.Decode(example.InputIds);

    private static WorkUnit Lines(TemporaryFolder temporary, int count, params string[] languages) =>
        Lines(temporary, Enumerable.Range(0, count), languages);

    private static WorkUnit Lines(TemporaryFolder temporary, IEnumerable<int> numbers, params string[] languages)
    {
        TextFile[] files = [.. languages.Select(language =>
        {
            var path = temporary.File($"{Guid.NewGuid()}.{language}");
            File.WriteAllLines(path, numbers.Select(i => $"{language}{i}"));
            return TextFile.FindOne(path);
        })];
        return new WorkUnit(new AlignedTextReader(files, languages, new ReadingOptions()), files, "");
    }

    private static List<TrainingExample> Build(
        TemporaryFolder temporary, DataOptions options, IReadOnlyList<WorkUnit> units, CodeSwitcher? switcher = null)
    {
        BuildManifest(temporary, options, units, switcher);
        return [.. ShardSamples.Read(temporary.File("data"))];
    }

    private static ShardManifest BuildManifest(
        TemporaryFolder temporary, DataOptions options, IReadOnlyList<WorkUnit> units, CodeSwitcher? switcher = null, long seed = 1, int threads = 2) =>
        new TrainingSetBuilder(temporary.File("data"), Tokenizer, stamp: null, options, new BuildOptions { Seed = seed, Threads = threads, Identity = $"{switcher is null}" })
            .Build(new TrainingSources { Units = units }, switcher, TestContext.Current.CancellationToken)!;
}
