using Llamax.Corpora.Building;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Shards;
using Llamax.Recipes.Schema;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Stages;

/// <summary>Makes the training sets of base training, continual pre-training and instruction tuning.</summary>
internal sealed class DataStage(RunContext context) : Stage
{
    private static readonly string[] Files =
        ["data.base_text", "data.monolingual", "data.multiway", "data.dictionaries", "data.segmentation", "data.instructions"];

    private readonly string folder = Path.Combine(context.Folder, RunContext.Data);
    private readonly DataSection data = context.Recipe.Data;

    public override string Name => RunContext.Data;

    public override bool CanResume => false;

    public override IReadOnlyDictionary<string, string> Settings => SettingsText.Of("data", data.Building)
        .Append(KeyValuePair.Create("languages", string.Join(", ", context.Recipe.Languages)))
        .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
        .Append(DataFiles.TemplateSetting(context.Recipe))
        .Concat(DataFiles.Settings(data, Files))
        .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs => DataFiles.Inputs(data, Files)
        .Concat(DataFiles.Template(context.Recipe))
        .Concat(context.TokenizerInputs)
        .ToDictionary();

    public override IEnumerable<string> Outputs => Sets
        .SelectMany(set => Directory.GetFiles(context.TrainingSet(set)).Select(file => Path.GetRelativePath(folder, file)));

    private IEnumerable<string> Sets => context.Recipe.Model.Path is null
        ? [RunContext.Base, RunContext.Pretrain, RunContext.Finetune]
        : [RunContext.Pretrain, RunContext.Finetune];

    public override void Run(IRunProgress progress, CancellationToken cancellation)
    {
        var tokenizer = context.LoadTokenizer();
        if (context.Recipe.Model.Path is null)
        {
            Build(RunContext.Base, tokenizer, builder => AddTexts(builder, data.BaseText, "data.base_text"), progress, cancellation);
        }

        Build(RunContext.Pretrain, tokenizer, AddPretraining, progress, cancellation);
        Build(RunContext.Finetune, tokenizer, builder => builder.AddInstructions(
            data.Instructions.SelectMany(path => data.Find(path, "data.instructions")), PromptTemplate.Find(context.Recipe.Finetune.Template)), progress, cancellation);
    }

    private void Build(string set, Tokenizer tokenizer, Action<TrainingSetBuilder> add, IRunProgress progress, CancellationToken cancellation)
    {
        var target = context.TrainingSet(set);
        using var builder = new TrainingSetBuilder(
            target, tokenizer, TokenizerStamp.Of(context.TokenizerFolder, tokenizer.VocabularySize, target), data.Building, context.Recipe.Seed,
            context.Recipe.Threads, new Reporter(report => progress.Advanced(Name, $"{set}: {report.Part}", report.Rows, 0, "entries")), cancellation);
        add(builder);
        var manifest = builder.Complete();
        progress.Note(Name, $"{set}: {manifest.Rows:N0} entries, {manifest.Tokens:N0} tokens"
            + string.Concat(manifest.LeftOut.Select(left => $"; left out: {left.Value:N0} {left.Key}")));
    }

    private void AddTexts(TrainingSetBuilder builder, IReadOnlyDictionary<string, IReadOnlyList<string>> texts, string key)
    {
        foreach (var language in context.Recipe.Languages.Where(texts.ContainsKey))
        {
            builder.AddMonolingual(language, texts[language].SelectMany(path => data.Find(path, $"{key}.{language}")));
        }
    }

    private void AddPretraining(TrainingSetBuilder builder)
    {
        AddTexts(builder, data.Monolingual, "data.monolingual");
        var sets = data.Multiway.Select((set, i) => new MultiwaySet(
            set.ToDictionary(file => file.Key, file => data.Resolve(file.Value)), $"data.multiway[{i}]")).ToList();
        if (sets.Count > 0)
        {
            builder.AddParallel(sets, [.. context.Recipe.Languages], Switcher(builder));
        }
    }

    private CodeSwitcher? Switcher(TrainingSetBuilder builder)
    {
        if (data.Dictionaries.Count == 0 || !data.Building.CodeSwitch.Enabled)
        {
            return null;
        }

        var lexicon = new LexiconBuilder();
        foreach (var (direction, paths) in data.Dictionaries)
        {
            builder.LeaveOut("lines of dictionaries that are no entries",
                lexicon.AddFiles(direction, paths.Select(data.Resolve), $"data.dictionaries.{direction}"));
        }

        var words = lexicon.Build(data.Building.CodeSwitch.Hops);
        var segmenters = data.Segmentation.ToDictionary(
            each => each.Key, each => each.Value.Load(LanguageRegistry.Default.Get(each.Key), data.Resolve, words.Words(each.Key)));
        return new CodeSwitcher(words, data.Building.CodeSwitch.Rate, context.Recipe.Seed, segmenters);
    }

    /// <summary>Hands reports on at once; the runtime's own class would do so from other threads.</summary>
    private sealed class Reporter(Action<BuildProgress> report) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => report(value);
    }
}
