using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Statistics;
using Llamax.Corpora.Tests.CodeSwitching;
using Llamax.Testing;
using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Tests.Building;

/// <summary>
/// The builder against the plain words of Algorithm 1 on real data, by totals: FLORES-101's development set in all of its
/// languages, every two of which are a pair; its test set in some, whose pairs are not scarce; the dictionaries of MUSE and
/// PanLex; LLaMA-2's tokenizer. The plain algorithm reads the files by itself.
/// </summary>
[Trait("Category", "Long")]
public sealed class Flores101Tests : IDisposable
{
    private const long Seed = 42;

    private static readonly string[] Rich = ["af", "ar", "de", "en", "es", "fr", "hi", "is", "it", "ru", "sw", "ta", "tr", "ur", "yo", "zh"];

    private readonly TemporaryFolder folder = new();
    private readonly Language[] languages = [.. LanguageRegistry.Default.All.Where(language => language.Flores101 is not null).OrderBy(language => language.Code, StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_has_as_many_entries_and_tokens_of_every_direction_as_the_plain_algorithm_says()
    {
        Unpack(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), "flores");
        Unpack(Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz"), "dictionaries");
        var tokenizer = TokenizerFolder.Load(Shared.Path("data", "tokenizers", "llama2_tokenizer.model"));
        Assert.Equal(102, languages.Length);
        var options = new DataOptions
        {
            MaxTexts = 150,
            MaxPairs = 3,
            ReplicateBelow = 1_500, // Between the lines of one set and of both.
            AugmentBelow = 105_000, // Between the pairs of a language in one set and in both.
            Pseudo = new PseudoOptions { Below = 100_720, Unaugmented = true }, // All that are in one set lack some.
            CodeSwitch = new CodeSwitchOptions { From = CodeSwitchSource.Both },
            Cleaning = new() { Unicode = false },
        };
        var dictionaries = Dictionaries().ToList();

        using var lexicon = new LexiconBuilder();
        foreach (var (from, to, path) in dictionaries)
        {
            lexicon.AddFiles($"{from}-{to}", [path]);
        }

        using var words = lexicon.Build(1);
        var manifest = new TrainingSetBuilder(folder.File("data"), tokenizer, null, options, new BuildOptions { Seed = Seed })
            .Build(Sources(), new CodeSwitcher(words, options.CodeSwitch, Seed), TestContext.Current.CancellationToken)!;

        var (expected, tooLong, pairs) = Expected(options, dictionaries, tokenizer);
        Assert.Equal(expected, manifest.Groups.Select(group => (group.Kind, group.Direction, group.Rows, group.Tokens)).Order());
        Assert.Equal(tooLong, manifest.LeftOut[ExampleEncoder.PairTooLong]);
        Assert.Equal(ExampleKinds.All.Except([ExampleKinds.Instruction, ExampleKinds.SplitParallel]).Order(), expected.Select(each => each.Kind).Distinct().Order());
        Assert.Equal(102 * 101 / 2, pairs);
        CheckLanguages(expected, TrainingSetStatistics.Of(manifest));
    }

    /// <summary>By language, as the counterpart of Table 9 has it.</summary>
    private static void CheckLanguages(List<(string Kind, string Direction, long Rows, long Tokens)> expected, TrainingSetStatistics statistics)
    {
        Assert.Equal(102, statistics.Languages.Count);
        foreach (var row in statistics.Languages)
        {
            var own = expected.Where(each => each.Direction.Split('-').Contains(row.Language)).ToList();
            long Rows(params string[] kinds) => own.Where(each => kinds.Contains(each.Kind)).Sum(each => each.Rows);
            Assert.Equal(
                (row.Language, Rows("mono"), Rows("parallel"), own.SelectMany(each => each.Direction.Split('-')).Distinct().Count() - 1, Rows("pseudo-parallel"), Rows("code-switched", "code-switched-mono", "pseudo-code-switched"), own.Sum(each => each.Tokens)),
                (row.Language, row.Monolingual, row.Pairs, row.Directions, row.Pseudo, row.Augmented, row.Tokens));
        }
    }

    private (List<(string Kind, string Direction, long Rows, long Tokens)> Groups, long TooLong, int Pairs) Expected(
        DataOptions options, List<(string From, string To, string Path)> dictionaries, Tokenizer tokenizer)
    {
        var switcher = new PlainCodeSwitcher(dictionaries.SelectMany(each => Words(each.Path).Select(entry => (each.From, each.To, entry.Word, entry.Translation))), options.CodeSwitch, Seed);
        var plain = new AlgorithmOne(options, Seed);
        foreach (var line in Side("dev", languages))
        {
            plain.AddLine(line);
            line.ToList().ForEach(each => plain.AddText(each.Key, each.Value));
            plain.AddEnglish(line["en"]);
        }

        foreach (var line in Side("devtest", Set("devtest")))
        {
            plain.AddLine(line);
            plain.AddEnglish(line["en"]);
        }

        var lengths = plain.Entries(switcher.Switch, [.. languages.Select(language => language.Code)], Translate).AsParallel()
            .SelectMany(entry => Lengths(entry.Text, entry.Kind == "mono", tokenizer, options).Select(length => (entry.Kind, entry.Direction, Length: length))).ToList();
        return (
            [
                .. lengths.Where(each => each.Length > 0).GroupBy(each => (each.Kind, each.Direction))
                    .Select(group => (group.Key.Kind, group.Key.Direction, (long)group.Count(), group.Sum(each => (long)each.Length))).Order(),
            ],
            lengths.Count(each => each.Length == 0),
            lengths.Where(each => each.Kind == "parallel").Select(each => string.Join('-', each.Direction.Split('-').Order(StringComparer.Ordinal))).Distinct().Count());
    }

    /// <summary>Ids of a text's entries: of blocks of monolingual text, or of one whole, 0 where it is too long.</summary>
    private static List<int> Lengths(string text, bool isBlocks, Tokenizer tokenizer, DataOptions options)
    {
        var rest = tokenizer.Encode(text, SpecialTokens.Text).Length;
        if (!isBlocks)
        {
            return [rest + 2 <= options.MaxTokens ? rest + 2 : 0]; // BOS and EOS.
        }

        var blocks = new List<int>();
        for (; rest > 0; rest -= options.BlockSize - 1)
        {
            blocks.Add(1 + Math.Min(rest, options.BlockSize - 1));
        }

        blocks[^1] += blocks[^1] < options.BlockSize ? 1 : 0; // EOS, where it has room.
        return blocks;
    }

    private TrainingSources Sources()
    {
        var english = Path.Combine(folder.Path, "english.txt");
        File.WriteAllText(english, File.ReadAllText(Flores("dev", "eng")) + File.ReadAllText(Flores("devtest", "eng")));
        return new TrainingSources
        {
            Units = [.. languages.Select(language => Unit("dev", [language])), Unit("dev", languages), Unit("devtest", Set("devtest"))],
            Pseudo = new PseudoSource
            {
                Units = [new WorkUnit(new AlignedTextReader([TextFile.FindOne(english)], ["en"], new ReadingOptions()), [TextFile.FindOne(english)], "")],
                Languages = [.. languages.Select(language => language.Code)],
                Translate = (sentences, _, target, _) => [.. sentences.Select(sentence => Translate(sentence, target))],
                Folder = folder.File("translations"),
            },
        };
    }

    private WorkUnit Unit(string set, IReadOnlyList<Language> chosen)
    {
        TextFile[] files = [.. chosen.Select(language => TextFile.FindOne(Flores(set, language.Flores101!)))];
        return new WorkUnit(new AlignedTextReader(files, [.. chosen.Select(language => language.Code)], new ReadingOptions()), files, $"{chosen.Count}");
    }

    /// <summary>The model: what it says is another text in every language, and has the English words.</summary>
    private static string Translate(string english, string language) => $"{language}: {english}";

    private Language[] Set(string set) => set == "dev" ? languages : [.. languages.Where(language => Rich.Contains(language.Code))];

    private string Flores(string set, string file) => folder.File($"flores/flores101_dataset/{set}/{file}.{set}");

    /// <summary>The lines of a set by the codes of their languages.</summary>
    private IEnumerable<Dictionary<string, string>> Side(string set, IReadOnlyList<Language> chosen)
    {
        var lines = chosen.ToDictionary(language => language.Code, language => Lines(Flores(set, language.Flores101!)));
        return Enumerable.Range(0, lines["en"].Length).Select(line => lines.ToDictionary(each => each.Key, each => each.Value[line]));
    }

    private static string[] Lines(string path) => [.. File.ReadAllText(path).TrimEnd('\n').Split('\n').Select(line => line.Trim())];

    private IEnumerable<(string From, string To, string Path)> Dictionaries()
    {
        foreach (var (code, file) in new[] { "ar", "bg", "ca", "de", "el", "es", "fr", "hi", "it", "ru", "th", "tr", "ur", "vi", "zh" }.Select(code => (code, code)).Append(("ja", "jp")).Append(("sv", "sw")))
        {
            yield return ("en", code, folder.File($"dictionaries/cosda_muse_panlex/{file}2.txt"));
        }

        foreach (var archive in new[] { "bg", "fi", "he", "ka", "th", "tr" })
        {
            ZipFile.ExtractToDirectory(Shared.Path("data", "dictionaries", "panlex_bli", $"{archive}-l2.zip"), folder.File("panlex"));
        }

        foreach (var path in Directory.GetFiles(folder.File("panlex"), "*.train.1000.cc.trans", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var codes = Path.GetFileName(path).Split('.')[0].Split('-');
            if (codes.All(code => Array.Exists(languages, language => language.Code == code)))
            {
                yield return (codes[0], codes[1], path);
            }
        }
    }

    /// <summary>A word and a translation a line, a tab between, or else one space or more.</summary>
    private static IEnumerable<(string Word, string Translation)> Words(string path) => Lines(path)
        .Select(line => line.Contains('\t', StringComparison.Ordinal) ? line.Split('\t', StringSplitOptions.TrimEntries) : line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(sides => sides is [{ Length: > 0 }, { Length: > 0 }]).Select(sides => (sides[0], sides[1]));

    private void Unpack(string archive, string name)
    {
        using var stream = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(stream, Directory.CreateDirectory(folder.File(name)).FullName, overwriteFiles: true);
    }
}
