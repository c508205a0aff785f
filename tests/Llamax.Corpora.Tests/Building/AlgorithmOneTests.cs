using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Tests.Building;

/// <summary>The builder against the plain words of Algorithm 1.</summary>
public sealed class AlgorithmOneTests
{
    private static readonly string[] Languages = ["de", "en", "es", "fr", "tr"];

    [Fact]
    public void The_entries_are_those_of_the_plain_algorithm() => Gen.Select(
            Gen.Int[0, 6].Array[0, 12], // Texts, some equal, in languages by turns.
            Gen.Select(Gen.Int[0, 6], Gen.Int[1, 31]).Array[0, 12].Array[1, 4], // Sets: of each line its words, and the languages that it has.
            Gen.Int[0, 12], Gen.Int[0, 30], Gen.Int[1, 3])
        .Sample((texts, sets, replicateBelow, augmentBelow, copies) =>
        {
            using var temporary = new TemporaryFolder();
            var plain = new AlgorithmOne();
            var units = new List<WorkUnit>();
            foreach (var byLanguage in texts.Select((words, i) => (Text: Sentence(Languages[i % 5], words), Language: Languages[i % 5])).GroupBy(each => each.Language))
            {
                units.Add(Unit(temporary, [byLanguage.Key], [byLanguage.Select(each => each.Text)]));
                byLanguage.ToList().ForEach(each => plain.AddText(each.Language, each.Text));
            }

            foreach (var set in sets)
            {
                var lines = set.Select(line => Languages.Where((_, i) => (line.Item2 >> i & 1) != 0).ToDictionary(language => language, language => Sentence(language, line.Item1))).ToList();
                units.Add(Unit(temporary, Languages, [.. Languages.Select(language => lines.Select(line => line.GetValueOrDefault(language, "")))]));
                lines.ForEach(plain.AddLine);
            }

            var options = new DataOptions
            {
                ReplicateBelow = replicateBelow,
                AugmentBelow = augmentBelow,
                CodeSwitch = new CodeSwitchOptions { Rate = 0.5, Copies = copies },
                Shards = new() { Tokens = 200 }, // Many chunks.
            };
            using var lexicon = Lexicon();
            var switcher = new CodeSwitcher(lexicon, options.CodeSwitch, 1);
            var expected = plain.Entries(options, switcher).Order().ToList();
            if (expected.Count == 0)
            {
                return;
            }

            var manifest = new TrainingSetBuilder(temporary.File("data"), new CharacterTokenizer(), null, options, new BuildOptions { Seed = 1 })
                .Build(new TrainingSources { Units = units }, switcher, TestContext.Current.CancellationToken)!;
            Assert.Equal(expected, ShardSamples.Read(temporary.File("data")).Select(Plain).Order());
            Assert.Equal(expected.Count, manifest.Rows);
        }, iter: 60, threads: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void On_FLORES_101_every_kind_has_as_many_entries_as_the_plain_algorithm_says()
    {
        var archive = Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz");
        using var temporary = new TemporaryFolder();
        (string Code, string File)[] chosen = [("en", "eng"), ("fr", "fra"), ("ta", "tam"), ("th", "tha"), ("tr", "tur"), ("zh", "zho_simpl")];
        TextFile[] files = [.. chosen.Select(each => TextFile.FindOne($"{archive}!flores101_dataset/dev/{each.File}.dev"))];
        string[] codes = [.. chosen.Select(each => each.Code)];
        var unit = new WorkUnit(new AlignedTextReader(files, codes, new ReadingOptions()), files, "");
        WorkUnit[] units = [unit, .. files.Select((file, i) => new WorkUnit(new AlignedTextReader([file], [codes[i]], new ReadingOptions()), [file], codes[i]))];
        using var lexicon = new LexiconBuilder();
        var dictionaries = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        foreach (var language in new[] { "fr", "th", "tr", "zh" })
        {
            lexicon.AddFiles($"en-{language}", [$"{dictionaries}!cosda_muse_panlex/{language}2.txt"]);
        }

        using var words = lexicon.Build(1);
        var options = new DataOptions { MaxTokens = 1 << 15, BlockSize = 1 << 15, Cleaning = new() { Unicode = false } };
        var switcher = new CodeSwitcher(words, options.CodeSwitch, 42);
        var plain = new AlgorithmOne();
        var lines = files.Select(file => LineReader.Read(file).Select(line => line.Trim()).ToArray()).ToArray();
        for (var line = 0; line < lines[0].Length; line++)
        {
            var number = line;
            plain.AddLine(codes.Select((code, i) => (code, i)).ToDictionary(each => each.code, each => lines[each.i][number]));
            for (var i = 0; i < codes.Length; i++)
            {
                plain.AddText(codes[i], lines[i][number]);
            }
        }

        var expected = plain.Entries(options, switcher).GroupBy(entry => (entry.Kind, Languages: Sorted(entry.Languages))).ToDictionary(group => group.Key, group => (long)group.Count());
        var tokenizer = TokenizerFolder.Load(Shared.Path("data", "tokenizers", "llama2_tokenizer.model"));
        var manifest = new TrainingSetBuilder(temporary.File("data"), tokenizer, null, options, new BuildOptions { Seed = 42 })
            .Build(new TrainingSources { Units = units }, switcher, TestContext.Current.CancellationToken)!;
        Assert.Equal(
            expected.OrderBy(each => each.Key).ToList(),
            manifest.Groups.GroupBy(group => (group.Kind, Languages: Sorted(group.Direction))).Select(group => KeyValuePair.Create(group.Key, group.Sum(each => each.Rows))).OrderBy(each => each.Key).ToList());
        Assert.Contains(manifest.Groups, group => group.Kind == ExampleKinds.CodeSwitched);
        Assert.Equal(15 * 997 * 3, manifest.Groups.Where(group => group.Kind == ExampleKinds.Parallel).Sum(group => group.Rows));
    }

    private static string Sorted(string languages) => string.Join('-', languages.Split('-').Order(StringComparer.Ordinal));

    private static string Sentence(string language, int words) => string.Join(' ', Enumerable.Range(0, 1 + (words / 2)).Select(i => $"{language}w{(words + i) % 5}"));

    private static MultilingualLexicon Lexicon()
    {
        using var builder = new LexiconBuilder();
        foreach (var (from, to) in new[] { ("de", "fr"), ("en", "es"), ("en", "tr"), ("fr", "tr") })
        {
            builder.Add(from, to, Enumerable.Range(0, 4).Select(i => ($"{from}w{i}", $"{to}w{i}")));
        }

        return builder.Build(1);
    }

    private static WorkUnit Unit(TemporaryFolder temporary, IReadOnlyList<string> languages, IReadOnlyList<IEnumerable<string>> lines)
    {
        TextFile[] files = [.. languages.Select((language, i) =>
        {
            var path = temporary.File($"{Guid.NewGuid()}.{language}");
            File.WriteAllLines(path, lines[i]);
            return TextFile.FindOne(path);
        })];
        return new WorkUnit(new AlignedTextReader(files, languages, new ReadingOptions()), files, "");
    }

    /// <summary>An entry as the plain algorithm says it: a pair in the alphabetical order of its languages.</summary>
    private static (string Kind, string Languages, string Text) Plain(TrainingExample entry)
    {
        var text = new CharacterTokenizer().Decode(entry.InputIds);
        var languages = entry.Direction.Split('-');
        if (entry.Kind != ExampleKinds.Parallel || string.CompareOrdinal(languages[0], languages[1]) < 0)
        {
            return (entry.Kind, entry.Direction, text);
        }

        var words = text.Split(' ');
        var firsts = words.TakeWhile(word => word.StartsWith(languages[0], StringComparison.Ordinal)).Count();
        return (entry.Kind, $"{languages[1]}-{languages[0]}", string.Join(' ', words[firsts..].Concat(words[..firsts])));
    }
}
