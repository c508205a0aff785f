using System.Buffers;
using System.Text;
using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Building;

/// <summary>The builder against the plain words of Algorithm 1, entry by entry.</summary>
public sealed class AlgorithmOneTests
{
    private static readonly string[] Languages = ["de", "en", "es", "fr", "tr"];

    [Fact]
    public void The_entries_are_those_of_the_plain_algorithm() => Gen.Select(
            Gen.Int[0, 6].Array[0, 12], // Texts, some equal, in languages by turns.
            Gen.Select(Gen.Int[0, 6], Gen.Int[1, 31]).Array[0, 12].Array[1, 4], // Sets: of each line its words, and the languages that it has.
            Gen.Int[0, 9].Array[0, 8], // English text.
            Gen.Select(Gen.Int[0, 12], Gen.Int[0, 30], Gen.Int[0, 30]),
            Gen.Select(Gen.Int[1, 3], Gen.Int[0, 4], Gen.Enum<CodeSwitchSource>(), Gen.Bool))
        .Sample((texts, sets, english, below, other) =>
        {
            using var temporary = new TemporaryFolder();
            var (replicateBelow, augmentBelow, pseudoBelow) = below;
            var (copies, maximum, from, unaugmented) = other;
            var options = new DataOptions
            {
                ReplicateBelow = replicateBelow,
                AugmentBelow = augmentBelow,
                MaxTexts = maximum,
                MaxPairs = maximum,
                Pseudo = new PseudoOptions { Below = pseudoBelow, Unaugmented = unaugmented },
                CodeSwitch = new CodeSwitchOptions { Rate = 0.5, Copies = copies, From = from },
                Shards = new() { Tokens = 200 }, // Many chunks.
            };
            var plain = new AlgorithmOne(options, 1);
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

            english.ToList().ForEach(words => plain.AddEnglish(Sentence("en", words)));
            var pseudo = new PseudoSource
            {
                Units = [Unit(temporary, ["en"], [english.Select(words => Sentence("en", words))])],
                Languages = Languages,
                Translate = (sentences, _, target, _) => [.. sentences.Select(sentence => Translate(sentence, target))],
                Folder = temporary.File("translations"),
            };
            using var lexicon = Lexicon();
            var switcher = new CodeSwitcher(lexicon, options.CodeSwitch, 1);
            var expected = plain.Entries((source, target, text, target2, copy, _) => Switch(switcher, source, target, text, target2, copy), Languages, Translate).Order().ToList();
            if (expected.Count == 0)
            {
                return;
            }

            var manifest = new TrainingSetBuilder(temporary.File("data"), new CharacterTokenizer(), null, options, new BuildOptions { Seed = 1 })
                .Build(new TrainingSources { Units = units, Pseudo = pseudo }, switcher, TestContext.Current.CancellationToken)!;
            Assert.Equal(expected, ShardSamples.Read(temporary.File("data")).Select(entry => (entry.Kind, entry.Direction, new CharacterTokenizer().Decode(entry.InputIds))).Order());
            Assert.Equal(expected.Count, manifest.Rows);
        }, iter: 20, threads: 1);

    private static string? Switch(CodeSwitcher switcher, string source, string target, string text, string other, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        var isSwitched = source == target
            ? switcher.TrySwitchText(source, Encoding.UTF8.GetBytes(text), copy, output)
            : switcher.TrySwitch(source, target, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other), copy, output);
        return isSwitched ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }

    private static string Translate(string english, string language) => english.Replace("en", language, StringComparison.Ordinal);

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
}
