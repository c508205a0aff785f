using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Sharing;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Building.Pseudo;

public sealed class PseudoParallelTests
{
    private static readonly DataOptions Options = new()
    {
        ReplicateBelow = 0,
        AugmentBelow = 0,
        Pseudo = new PseudoOptions { Below = 12, Unaugmented = true },
        CodeSwitch = new CodeSwitchOptions { Rate = 1 },
    };

    [Fact]
    public void The_lowest_levels_rise_together() => Gen.Select(Gen.Long[0, 50].Array[1, 8], Gen.Long[0, 200]).Sample((levels, amount) =>
    {
        var reference = levels.ToArray();
        for (var i = 0; i < amount; i++)
        {
            reference[Array.IndexOf(reference, reference.Min())]++;
        }

        var given = WaterFilling.Spread(levels, amount);
        Assert.Equal(amount, given.Sum());
        Assert.Equal(reference.Order(), levels.Zip(given, (level, more) => level + more).Order());
    });

    [Fact]
    public void Scarce_languages_are_filled_up_with_pairs_that_share_their_English_sentence()
    {
        using var temporary = new TemporaryFolder();
        var asked = new List<(string Target, string Text)>();
        var entries = Build(temporary, asked, Options, english: 40);
        var made = entries.Where(entry => entry.Kind == ExampleKinds.PseudoParallel).Select(Text).ToList();
        Assert.All(made, text =>
        {
            var sides = text.Split(' ');
            Assert.Equal(2, sides.Length);
            Assert.Equal(Number(sides[0]), Number(sides[1])); // Both sides say the same.
        });

        // en-fr has 10 pairs, so en and fr lack 2 each; de has none and lacks 12, spread over the pairs that have fewest: de-en and de-fr.
        var ofPair = entries.Where(entry => entry.Kind == ExampleKinds.PseudoParallel)
            .GroupBy(entry => string.Join('-', entry.Direction.Split('-').Order(StringComparer.Ordinal))).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(ofPair["de-en"], 6, 8); // 6 for de, 2 for en unless they are among the 6.
        Assert.InRange(ofPair["de-fr"], 6, 8);
        Assert.DoesNotContain("en-fr", ofPair.Keys);
        Assert.Equal(asked.Distinct().Count(), asked.Count);
    }

    [Fact]
    public void The_code_switched_form_is_what_enters_by_default()
    {
        using var temporary = new TemporaryFolder();
        using var lexicon = new LexiconBuilder();
        lexicon.Add("en", "es", Enumerable.Range(0, 60).Select(i => ($"en{i}", $"es{i}")));
        using var words = lexicon.Build(1);
        var options = Options with { Pseudo = Options.Pseudo with { Unaugmented = false } };
        var entries = Build(temporary, [], options, 40, new CodeSwitcher(words, options.CodeSwitch, 1));
        Assert.DoesNotContain(entries, entry => entry.Kind == ExampleKinds.PseudoParallel);
        var switched = entries.Where(entry => entry.Kind == ExampleKinds.PseudoCodeSwitched).ToList();
        Assert.InRange(switched.Count, 6, 8);
        Assert.All(switched, entry => Assert.StartsWith("es", Text(entry), StringComparison.Ordinal));
        Assert.All(switched, entry => Assert.Equal("en-de", entry.Direction));
    }

    [Fact]
    public void What_English_text_lacks_is_reported_and_monolingual_text_is_not_taken()
    {
        using var temporary = new TemporaryFolder();
        var asked = new List<(string Target, string Text)>();
        BuildInto(temporary, "data", Translations(asked), Options, 8, monolingual: 5);
        using var set = new Llamax.Corpora.Shards.ShardSet(temporary.File("data"));
        Assert.Equal(12 - 3, set.Manifest.LeftOut["pseudo-parallel pairs of de for which there is no English sentence"]);
        Assert.All(asked, each => Assert.InRange(Number(each.Text), 5, 7));
    }

    [Fact]
    public void No_sentence_is_translated_twice_after_a_crash_and_the_bytes_are_the_same()
    {
        using var temporary = new TemporaryFolder();
        var asked = new List<(string Target, string Text)>();
        var calls = 0;
        SentenceTranslation whole = Translations(asked);
        Assert.Throws<InvalidTimeZoneException>(() => BuildInto(
            temporary, "data", (sentences, source, target, token) => ++calls == 3 ? throw new InvalidTimeZoneException() : whole(sentences, source, target, token), Options, 40));
        var store = Directory.GetFiles(temporary.File("translations"))[0];
        File.AppendAllText(store, "0123456789abcdef0123456789abcdef \"half a li"); // What a killed process leaves.
        BuildInto(temporary, "data", whole, Options, 40);
        Assert.Equal(asked.Distinct().Count(), asked.Count);
        var sha = Shas(temporary, "data");
        Directory.Delete(temporary.File("translations"), recursive: true);
        BuildInto(temporary, "other", Translations([]), Options, 40);
        Assert.Equal(sha, Shas(temporary, "other"));
    }

    [Fact]
    public void A_store_reads_the_files_of_all_processes_and_adds_to_its_own()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("translations");
        Directory.CreateDirectory(folder);
        string Line(int hash, string text) => $"{hash:x32} \"{text}\"\n";
        var other = Line(1, "eins") + Line(2, "zwei") + "0000"; // Another process is at work: its last line is not there yet.
        File.WriteAllText(Path.Combine(folder, "en-de.elsewhere-1.77.jsonl"), other);
        File.WriteAllText(Path.Combine(folder, "en-de.jsonl"), Line(3, "drei"));
        File.WriteAllText(Path.Combine(folder, "en-dev.elsewhere-1.77.jsonl"), Line(4, "four"));
        using (var held = new FileStream(Path.Combine(folder, "en-de.elsewhere-1.77.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        using (var store = new TranslationStore(folder, "en-de"))
        {
            Assert.Equal(["eins", "zwei", "drei", null], Enumerable.Range(1, 4).Select(hash => store.Find((UInt128)hash)));
            store.Add([(5, "fünf")]);
            store.Add([(6, "sechs")]);
        }

        Assert.Equal(other, File.ReadAllText(Path.Combine(folder, "en-de.elsewhere-1.77.jsonl")));
        var own = Assert.Single(Directory.GetFiles(folder), file => file.EndsWith($".{Environment.ProcessId}.jsonl", StringComparison.Ordinal));
        File.AppendAllText(own, "half a l");
        using (var again = new TranslationStore(folder, "en-de"))
        {
            Assert.Equal("fünf", again.Find(5));
            again.Add([(7, "sieben")]);
        }

        Assert.DoesNotContain("half", File.ReadAllText(own), StringComparison.Ordinal);
        using var last = new TranslationStore(folder, "en-de");
        Assert.Equal("sieben", last.Find(7));
    }

    /// <summary>How many pairs a language has is counted in one way, whoever asks.</summary>
    [Fact]
    public void Pairs_that_occur_again_fill_a_language_where_they_are_kept()
    {
        foreach (var (keeps, lacks) in new[] { (false, 11), (true, 2) })
        {
            using var temporary = new TemporaryFolder();
            var options = Options with { Cleaning = Options.Cleaning with { Duplicates = !keeps }, Pseudo = Options.Pseudo with { Below = 12 } };
            var manifest = BuildOf(temporary, options, pairs: Enumerable.Repeat(1000, 10), english: Enumerable.Range(0, 1), ["en", "fr"]);
            Assert.Equal(lacks - 1, manifest.LeftOut["pseudo-parallel pairs of en for which there is no English sentence"]);
        }
    }

    [Fact]
    public void Pairs_that_are_nearly_the_same_do_not_fill_a_language()
    {
        using var temporary = new TemporaryFolder();
        var options = Options with { Cleaning = Options.Cleaning with { NearDuplicates = new NearDuplicateOptions { Enabled = true, Span = 1 } } };
        File.WriteAllLines(temporary.File("near.en"), Enumerable.Range(0, 10).Select(i => $"the same words in every one of these lines{new string('!', i)}"));
        File.WriteAllLines(temporary.File("near.fr"), Enumerable.Range(0, 10).Select(i => $"les mêmes mots dans chacune de ces lignes{new string('!', i)}"));
        var files = new[] { "en", "fr" }.Select(language => TextFile.FindOne(temporary.File($"near.{language}"))).ToArray();
        var pairs = new WorkUnit(new AlignedTextReader(files, ["en", "fr"], new ReadingOptions()), files, "");
        var manifest = BuildOf(temporary, options, pairs, Unit(temporary, "english", ["en"], 1), ["en", "fr"]);
        Assert.Equal(9, manifest.LeftOut["sentence pairs nearly the same as another"]);
        Assert.Equal(12 - 1 - 1, manifest.LeftOut["pseudo-parallel pairs of en for which there is no English sentence"]);
    }

    [Fact]
    public void What_became_of_the_pairs_is_said_by_language()
    {
        using var temporary = new TemporaryFolder();
        using var lexicon = new LexiconBuilder();
        lexicon.Add("en", "es", Enumerable.Range(0, 6).Select(i => ($"en{i}", $"es{i}")));
        using var words = lexicon.Build(1);
        var options = Options with { Pseudo = new PseudoOptions { Below = 12 }, Cleaning = Options.Cleaning with { MinLength = 3 } };
        SentenceTranslation translate = (sentences, _, target, _) => [.. sentences.Select(sentence => Number(sentence) switch
        {
            0 => " ", // The model gives nothing,
            1 => "x", // or what cleaning leaves out.
            _ => target + sentence[2..],
        })];
        var manifest = BuildOf(temporary, options, Unit(temporary, "pairs", ["fr", "de"], 12, offset: 1000), Unit(temporary, "english", ["en"], 12), ["en", "de", "fr"], translate, new CodeSwitcher(words, options.CodeSwitch, 1));

        // The others have enough; en lacks 12 pairs, and there are 12 sentences, of which the lexicon knows the first 6.
        Assert.Equal(4, manifest.Groups.Where(group => group.Kind == ExampleKinds.PseudoCodeSwitched).Sum(group => group.Rows));
        foreach (var (what, count) in new[] { ("of which the model gave nothing", 1), ("that cleaning left out", 1), ("in which no word was replaced", 6) })
        {
            Assert.Equal(count, manifest.LeftOut[$"pseudo-parallel pairs of en {what}"]);
            Assert.Equal(count, new[] { "de", "fr" }.Sum(other => manifest.LeftOut.GetValueOrDefault($"pseudo-parallel pairs of {other} {what}")));
        }

        Assert.Equal((2 * 10) - 4, manifest.LeftOut["code-switched pseudo-parallel pairs in which no word was replaced, by entry"]);
    }

    [Fact]
    public void Pairs_that_occur_again_or_are_too_long_are_counted_under_their_languages()
    {
        using var temporary = new TemporaryFolder();
        SentenceTranslation translate = (sentences, _, target, _) => [.. sentences.Select(sentence => target + (Number(sentence) % 3 == 0 ? new string('x', 600) : ""))];
        var manifest = BuildOf(temporary, Options, Unit(temporary, "pairs", ["en", "fr"], 12, offset: 1000), Unit(temporary, "english", ["en"], 12), ["en", "de", "fr"], translate);
        var duplicates = manifest.Cleaning.Single(row => row.Step == CleaningStep.Duplicates);
        Assert.Equal(("de-fr", manifest.LeftOut["sentence pairs that occur again"]), (duplicates.Languages, duplicates.Count));
        Assert.InRange(manifest.LeftOut["pseudo-parallel pairs of de above max_tokens"], 1, 4);
        Assert.Equal(manifest.LeftOut[ExampleEncoder.PairTooLong], manifest.LeftOut["pseudo-parallel pairs of de above max_tokens"]); // All are pairs of it.
        Assert.Equal(12, manifest.LeftOut[ExampleEncoder.PairTooLong] + duplicates.Count + manifest.Groups.Where(group => group.Kind == ExampleKinds.PseudoParallel).Sum(group => group.Rows));
    }

    [Fact]
    public void Lines_of_the_English_text_that_cannot_be_read_count_as_all_others()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllLines(temporary.File("english.jsonl"), Enumerable.Range(0, 30).Select(i => i % 10 == 0 ? "{" : $"{{\"text\": \"en{i}\"}}"));
        File.WriteAllText(temporary.File("mono.jsonl"), "{\"text\": \"words\"}\n{\n{\n");
        var english = Texts("english.jsonl");
        var mono = Texts("mono.jsonl");
        var manifest = Build(5);
        Assert.Equal(3 + 2, TrainingSetBuilder.Unreadable(manifest));
        Assert.Contains("--max-bad-lines allows", Assert.Throws<LlamaxException>(() => Build(4)).Message, StringComparison.Ordinal);

        WorkUnit Texts(string name)
        {
            var file = TextFile.FindOne(temporary.File(name));
            return new WorkUnit(new JsonTextReader(file, "en", "text", escapedLineEnds: false, new ReadingOptions()), [file], "");
        }

        Llamax.Corpora.Shards.ShardManifest Build(long maximum) => new TrainingSetBuilder(
            temporary.File($"at-most-{maximum}"), new CharacterTokenizer(), null, Options, new BuildOptions { Seed = 1, MaxBadRecords = maximum }).Build(
            new TrainingSources
            {
                Units = [mono],
                Pseudo = new PseudoSource { Units = [english, mono], Languages = ["en", "fr"], Translate = Translations([]), Folder = temporary.File("translations") },
            }, null, TestContext.Current.CancellationToken)!;
    }

    [Fact]
    public void Workers_whose_models_translate_differently_are_not_put_together()
    {
        using var temporary = new TemporaryFolder();
        foreach (var (worker, accent) in new[] { (0, ""), (1, "x"), (2, "") })
        {
            SentenceTranslation translate = (sentences, _, target, _) => [.. sentences.Select(sentence => target + sentence[2..] + accent)];
            BuildInto(temporary, $"{worker}", translate, Options, 40, share: WorkShare.ByHand(worker % 2, 2), store: $"translations-{worker}");
        }

        BuildInto(temporary, "3", (_, _, _, _) => throw new InvalidOperationException(), Options, 40, share: WorkShare.ByHand(1, 2), store: "translations-0");
        var exception = Assert.Throws<LlamaxException>(() => TrainingSetBuilder.Merge(temporary.File("0"), [temporary.File("1")]));
        Assert.Contains("translated sentences differently", exception.Message, StringComparison.Ordinal);
        Assert.Contains("`translations`", exception.Message, StringComparison.Ordinal);

        TrainingSetBuilder.Merge(temporary.File("2"), [temporary.File("3")]);
        BuildInto(temporary, "alone", (_, _, _, _) => throw new InvalidOperationException(), Options, 40, store: "translations-0");
        Assert.Equal(Shas(temporary, "alone"), Shas(temporary, "2"));
    }

    private static Llamax.Corpora.Shards.ShardManifest BuildOf(TemporaryFolder temporary, DataOptions options, IEnumerable<int> pairs, IEnumerable<int> english, string[] languages) =>
        BuildOf(temporary, options, Numbered(temporary, "pairs", ["en", "fr"], pairs), Numbered(temporary, "english", ["en"], english), languages);

    private static Llamax.Corpora.Shards.ShardManifest BuildOf(
        TemporaryFolder temporary, DataOptions options, WorkUnit pairs, WorkUnit english, string[] languages, SentenceTranslation? translate = null, CodeSwitcher? switcher = null) =>
        new TrainingSetBuilder(temporary.File("data"), new CharacterTokenizer(), null, options, new BuildOptions { Seed = 1 }).Build(
            new TrainingSources
            {
                Units = [pairs],
                Pseudo = new PseudoSource { Units = [english], Languages = languages, Translate = translate ?? Translations([]), Folder = temporary.File("translations") },
            },
            switcher, TestContext.Current.CancellationToken)!;

    private static List<string> Shas(TemporaryFolder temporary, string name)
    {
        using var set = new Llamax.Corpora.Shards.ShardSet(temporary.File(name));
        return [.. set.Manifest.Shards.Select(shard => shard.Sha256)];
    }

    private static int Number(string text) => int.Parse(text[2..], System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(TrainingExample entry) => new CharacterTokenizer().Decode(entry.InputIds);

    private static SentenceTranslation Translations(List<(string Target, string Text)> asked) => (sentences, source, target, _) =>
    {
        Assert.Equal("en", source);
        asked.AddRange(sentences.Select(sentence => (target, sentence)));
        return [.. sentences.Select(sentence => target + sentence[2..])];
    };

    private static List<TrainingExample> Build(
        TemporaryFolder temporary, List<(string Target, string Text)> asked, DataOptions options, int english, CodeSwitcher? switcher = null)
    {
        BuildInto(temporary, "data", Translations(asked), options, english, 0, switcher);
        return [.. ShardSamples.Read(temporary.File("data"))];
    }

    private static void BuildInto(
        TemporaryFolder temporary, string name, SentenceTranslation translate, DataOptions options, int english, int monolingual = 0, CodeSwitcher? switcher = null,
        WorkShare? share = null, string store = "translations")
    {
        var pairs = Unit(temporary, "pairs", ["en", "fr"], 10, offset: 1000);
        var texts = monolingual > 0 ? [Unit(temporary, "mono", ["en"], monolingual)] : Array.Empty<WorkUnit>();
        new TrainingSetBuilder(temporary.File(name), new CharacterTokenizer(), null, options, new BuildOptions { Seed = 1, Share = share ?? WorkShare.Alone }).Build(
            new TrainingSources
            {
                Units = [pairs, .. texts],
                Pseudo = new PseudoSource
                {
                    Units = [Unit(temporary, "english", ["en"], english)],
                    Languages = ["en", "fr", "de"],
                    Translate = translate,
                    BatchSentences = 4,
                    Folder = temporary.File(store),
                },
            },
            switcher,
            TestContext.Current.CancellationToken);
    }

    private static WorkUnit Unit(TemporaryFolder temporary, string name, string[] languages, int count, int offset = 0) =>
        Numbered(temporary, name, languages, Enumerable.Range(offset, count));

    private static WorkUnit Numbered(TemporaryFolder temporary, string name, string[] languages, IEnumerable<int> numbers)
    {
        TextFile[] files = [.. languages.Select(language =>
        {
            File.WriteAllLines(temporary.File($"{name}.{language}"), numbers.Select(i => $"{language}{i}"));
            return TextFile.FindOne(temporary.File($"{name}.{language}"));
        })];
        return new WorkUnit(new AlignedTextReader(files, languages, new ReadingOptions()), files, "");
    }
}
