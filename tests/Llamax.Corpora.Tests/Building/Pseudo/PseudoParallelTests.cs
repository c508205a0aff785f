using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Sharing;
using Llamax.Corpora.Building.Units;
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

    private static WorkUnit Unit(TemporaryFolder temporary, string name, string[] languages, int count, int offset = 0)
    {
        TextFile[] files = [.. languages.Select(language =>
        {
            File.WriteAllLines(temporary.File($"{name}.{language}"), Enumerable.Range(offset, count).Select(i => $"{language}{i}"));
            return TextFile.FindOne(temporary.File($"{name}.{language}"));
        })];
        return new WorkUnit(new AlignedTextReader(files, languages, new ReadingOptions()), files, "");
    }
}
