using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Shards;
using Llamax.Recipes.Schema;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Segmentation;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Stages;

/// <summary>Makes the training sets of base training, continual pre-training and instruction tuning.</summary>
internal sealed class DataStage(RunContext context) : Stage
{
    private static readonly string[] Files =
        ["data.base_text", "data.monolingual", "data.parallel", "data.multiway", "data.decontaminate", "data.dictionaries", "data.lexicon", "data.pseudo_from", "data.segmentation", "data.instructions"];

    private const string SetsSetting = "training sets";
    private const string InvalidUtf8Setting = "--invalid-utf8";

    private readonly string folder = Path.Combine(context.Folder, RunContext.Data);
    private readonly DataSection data = context.Recipe.Data;

    public override string Name => RunContext.Data;

    public override bool CanResume => true;

    public override IReadOnlyDictionary<string, string> Settings => SettingsText.Of("data", data.Building)
        .Concat(data.PseudoFrom is null ? [] : PseudoTranslator.Settings(data.PseudoFrom))
        .Append(KeyValuePair.Create("languages", string.Join(", ", context.Recipe.Languages)))
        .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
        .Append(InvalidUtf8(context))
        .Append(KeyValuePair.Create(SetsSetting, string.Join(", ", Sets)))
        .Append(DataFiles.TemplateSetting(context.Recipe))
        .Concat(DataFiles.Settings(data, Files))
        .Concat(data.Readings())
        .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs => DataFiles.Inputs(data, Files)
        .Concat(DataFiles.Template(context.Recipe))
        .Concat(data.PseudoFrom is null ? [] : PseudoTranslator.Inputs(data.PseudoFrom))
        .Concat(context.TokenizerInputs)
        .ToDictionary();

    public override IEnumerable<string> Outputs => OutputsIn(folder, Sets);

    private IEnumerable<string> Sets => context.Recipe.Model.Path is null
        ? [RunContext.Base, RunContext.Pretrain, RunContext.Finetune]
        : [RunContext.Pretrain, RunContext.Finetune];

    /// <summary>What is finished of a training set says itself what it was made from.</summary>
    public override bool Outlives(string name) => TrainingSetBuilder.IsWork(name);

    public override void Outdate(string path) => TrainingSetBuilder.ForgetPlan(path);

    /// <summary>What becomes of lines that are not UTF-8, as a setting of stages that read them.</summary>
    public static KeyValuePair<string, string> InvalidUtf8(RunContext context) =>
        KeyValuePair.Create(InvalidUtf8Setting, SettingsText.Text(context.Reading.InvalidUtf8));

    /// <summary>What became of such lines when the data of a run folder were begun; an error where there are none.</summary>
    public static InvalidUtf8 InvalidUtf8Of(string run) =>
        Enum.TryParse<InvalidUtf8>(StageRecord.Read(Path.Combine(run, RunContext.Data))?.Settings.GetValueOrDefault(InvalidUtf8Setting), ignoreCase: true, out var found)
            ? found : Corpora.Readers.InvalidUtf8.Fail;

    /// <summary>Holds finished training sets against a limit that they were perhaps not made under.</summary>
    /// <param name="maximum">Lines of a set that may be left out because they cannot be read.</param>
    /// <exception cref="LlamaxException">A set has left out more.</exception>
    public void CheckBad(long maximum)
    {
        foreach (var set in Sets)
        {
            var bad = TrainingSetBuilder.Unreadable(ShardManifest.Load(context.TrainingSet(set)));
            if (bad > maximum)
            {
                throw new LlamaxException(
                    $"{context.TrainingSet(set)} was made without {bad:N0} lines that cannot be read, more than the {maximum:N0} that --max-bad-lines allows. Mend the files, or raise the limit.");
            }
        }
    }

    /// <summary>The training sets that a stage makes.</summary>
    /// <param name="record">The stage's record.</param>
    public static IReadOnlyList<string> SetsOf(StageRecord record) => record.Settings.TryGetValue(SetsSetting, out var sets)
        ? sets.Split(", ")
        : throw new LlamaxException($"the {StageRecord.FileName} of the stage {RunContext.Data} is of an earlier version. Start the workers again.");

    /// <summary>The files of training sets, as paths in the stage's folder, without those that say how long it took.</summary>
    public static IEnumerable<string> OutputsIn(string folder, IEnumerable<string> sets) =>
        sets.SelectMany(set => Directory.GetFiles(Path.Combine(folder, set)))
            .Where(file => Path.GetFileName(file) != BuildTimes.FileName).Select(file => Path.GetRelativePath(folder, file));

    public override void Run(IRunProgress progress, CancellationToken cancellation)
    {
        var tokenizer = context.LoadTokenizer();
        var units = new DataUnits(data, context.Reading);
        var benchmarks = Benchmarks(cancellation);
        if (context.Recipe.Model.Path is null)
        {
            Build(RunContext.Base, tokenizer, new TrainingSources { Units = units.Texts(data.BaseText, "data.base_text"), Benchmarks = benchmarks }, null, progress, cancellation);
        }

        var (lexicon, leftOut) = Lexicon(note => progress.Note(Name, note));
        using var words = lexicon;
        var switcher = words is null ? null : new CodeSwitcher(words, data.Building.CodeSwitch with { Hops = words.Hops, FanOut = words.FanOut }, context.Recipe.Seed, Segmenters(words));
        if (switcher?.Missing.ToList() is { Count: > 0 } missing)
        {
            progress.Note(Name, $"data.code_switch.languages: the lexicon has no word of {string.Join(", ", missing)}, so none comes in");
        }

        using var pseudo = data.PseudoFrom is { } from ? new PseudoTranslator(context, from, text => progress.Note(Name, text)) : null;
        var pretraining = new TrainingSources
        {
            Units = [.. units.Texts(data.Monolingual, "data.monolingual"), .. units.Translations()],
            Benchmarks = benchmarks,
            LeftOut = leftOut,
            Pseudo = pseudo?.Source(units, new FileHashes(context.HashFile)),
        };
        if (units.Unknown.Count > 0)
        {
            progress.Note(Name, $"these stand where a language's code should, and are none; their files were left alone: {string.Join(", ", units.Unknown)}");
        }

        if (units.SeveralNames.Count > 0)
        {
            progress.Note(Name, $"files that have several names for a language are read as that one language: {string.Join(", ", units.SeveralNames)}");
        }

        if (units.LeftAlone.Count > 0)
        {
            progress.Note(Name, $"these columns are not read, because another one has the language's own code: {string.Join(", ", units.LeftAlone)}");
        }

        Build(RunContext.Pretrain, tokenizer, pretraining, switcher, progress, cancellation);
        Build(RunContext.Finetune, tokenizer, Instructions() with { Benchmarks = benchmarks }, null, progress, cancellation);
    }

    /// <summary>What would be read and made, by training set; nothing is written.</summary>
    public IReadOnlyList<(string Set, BuildEstimate Estimate)> Estimate(Tokenizer? tokenizer, CancellationToken cancellation)
    {
        var units = new DataUnits(data, context.Reading);
        var sets = new List<(string, BuildEstimate)>();
        if (context.Recipe.Model.Path is null)
        {
            Add(RunContext.Base, new TrainingSources { Units = units.Texts(data.BaseText, "data.base_text") });
        }

        Add(RunContext.Pretrain, new TrainingSources
        {
            Units = [.. units.Texts(data.Monolingual, "data.monolingual"), .. units.Translations()],
            Pseudo = data.PseudoFrom is null ? null : new PseudoSource
            {
                Units = PseudoTranslator.Texts(data.PseudoFrom, units),
                Languages = context.Recipe.Languages,
                Translate = (_, _, _, _) => throw new InvalidOperationException("an estimate translates nothing"),
                Folder = "",
            },
        });
        Add(RunContext.Finetune, Instructions());
        return sets;

        void Add(string set, TrainingSources sources) => sets.Add((set, BuildEstimate.Of(
            sources, tokenizer, data.Building, data.Dictionaries.Count > 0 || data.Lexicon is not null, cancellation)));
    }

    private TrainingSources Instructions() => new()
    {
        Instructions = [.. data.Instructions.SelectMany(path => data.Find(path, "data.instructions"))],
        Template = PromptTemplate.Find(context.Recipe.Finetune.Template),
    };

    private void Build(
        string set, Tokenizer tokenizer, TrainingSources sources, CodeSwitcher? switcher, IRunProgress progress, CancellationToken cancellation)
    {
        var target = context.TrainingSet(set);
        var hashes = new FileHashes(context.HashFile);
        var builder = new TrainingSetBuilder(
            target,
            tokenizer,
            TokenizerStamp.Of(context.TokenizerFolder, tokenizer.VocabularySize, target),
            data.Building,
            new BuildOptions
            {
                Seed = context.Recipe.Seed,
                Threads = context.Recipe.Threads,
                Share = context.Building.Share,
                MaxBadRecords = context.Building.MaxBadLines,
                Identity = set == RunContext.Pretrain ? Identity(hashes) : "",
                HashOf = file => hashes.Of(file) ?? throw new LlamaxException($"{file}: no such file."),
                Note = line => progress.Note(Name, $"{set}: {line}"),
                Progress = new Reporter(report => progress.Advanced(Name, $"{set}: {report.Part}", report.Done, report.Total, report.Unit)),
            });
        if (builder.Build(sources, switcher, cancellation) is { } manifest)
        {
            progress.Note(Name, Summary(set, manifest));
        }
    }

    /// <summary>What is said of a finished training set.</summary>
    public static string Summary(string set, ShardManifest manifest) => $"{set}: {manifest.Rows:N0} entries, {manifest.Tokens:N0} tokens"
        + string.Concat(manifest.LeftOut.Select(left => $"; left out: {left.Value:N0} {left.Key}"));

    /// <summary>What code-switching depends on beside its options.</summary>
    private string Identity(FileHashes hashes) => string.Join(
        '\n', DataFiles.Inputs(data, "data.dictionaries", "data.lexicon", "data.segmentation").Select(file => $"{file.Key} {hashes.Of(file.Value)}")
            .Concat(DataFiles.Settings(data, "data.dictionaries").Select(member => $"{member.Key} {member.Value}"))
            .Append(data.PseudoFrom is null ? "" : PseudoTranslator.Identity(data.PseudoFrom, hashes)));

    private BenchmarkIndex? Benchmarks(CancellationToken cancellation) => data.Decontaminate.Count == 0 ? null : BenchmarkIndex.Build(
        data.Decontaminate.ToDictionary(each => each.Key, each => (IReadOnlyList<TextFile>)[.. each.Value.SelectMany(path => data.Find(path, $"data.decontaminate.{each.Key}"))]),
        data.Building.Cleaning.Decontamination,
        cancellation);

    private (MultilingualLexicon? Lexicon, IReadOnlyDictionary<string, long> LeftOut) Lexicon(Action<string> note)
    {
        var leftOut = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var switching = data.Building.CodeSwitch;
        if (!switching.Enabled || (data.Dictionaries.Count == 0 && data.Lexicon is null))
        {
            return (null, leftOut);
        }

        if (data.Lexicon is not null)
        {
            return (MultilingualLexicon.Open(data.Resolve(data.Lexicon)), leftOut);
        }

        using var lexicon = new LexiconBuilder(
            new LexiconOptions { Hops = switching.Hops, FanOut = switching.FanOut, BothWays = switching.BothWays })
        { Note = note };
        var skipped = data.Dictionaries.Sum(each => lexicon.AddFiles(each.Key, each.Value.Select(data.Resolve), $"data.dictionaries.{each.Key}"));
        if (skipped > 0)
        {
            leftOut["lines of dictionaries that are no entries"] = skipped;
        }

        return (lexicon.Build(switching.Hops), leftOut);
    }

    private Dictionary<string, IWordSegmenter> Segmenters(MultilingualLexicon words) => data.Segmentation.ToDictionary(
        each => each.Key, each => each.Value.Load(LanguageRegistry.Default.Get(each.Key), data.Resolve, words.Words(each.Key)));

    /// <summary>Hands reports on at once; the runtime's own class would do so from other threads.</summary>
    private sealed class Reporter(Action<BuildProgress> report) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => report(value);
    }
}
