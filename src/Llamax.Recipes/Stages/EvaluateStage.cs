using Llamax.Corpora.Readers;
using Llamax.Evaluation.Likelihood;
using Llamax.Evaluation.Matrix;
using Llamax.Evaluation.Results;
using Llamax.Metrics;
using Llamax.Metrics.Tokenization;
using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Recipes.Stages;

/// <summary>Bits per byte before and after continual pre-training, and both instruction-tuned systems in all directions.</summary>
internal sealed class EvaluateStage(RunContext context) : Stage
{
    private readonly string folder = Path.Combine(context.Folder, RunContext.Evaluate);

    public override string Name => RunContext.Evaluate;

    public override bool CanResume => true;

    public override IReadOnlyDictionary<string, string> Settings => SettingsText.Of("evaluate", context.Recipe.Evaluate, nameof(context.Recipe.Evaluate.SpbleuModel), nameof(GenerationOptions.Hypotheses))
        .Append(DataFiles.TemplateSetting(context.Recipe))
        .Append(KeyValuePair.Create("languages", string.Join(", ", context.Recipe.Languages)))
        .Append(KeyValuePair.Create("name", context.Recipe.Name))
        .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
        .Concat(DataFiles.Settings(context.Recipe.Data, "data.test"))
        .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs => DataFiles.Inputs(context.Recipe.Data, "data.test")
        .Concat(new[] { context.BaseModel, context.PretrainedModel, context.TunedModel(FinetuneStage.BaseSystem), context.TunedModel(FinetuneStage.LlamaxSystem) }
            .SelectMany(context.FilesOf))
        .Concat(context.TokenizerInputs)
        .Append(KeyValuePair.Create("evaluate.spbleu_model", SpbleuModel))
        .Concat(DataFiles.Template(context.Recipe))
        .ToDictionary();

    public override IEnumerable<string> Outputs => [ResultsFile.JsonName, ResultsFile.CsvName];

    public override IReadOnlyDictionary<string, string> Versions =>
        new Dictionary<string, string>(ModelTraining.Versions) { ["sacrebleu_definitions"] = Metric.SacreBleuVersion };

    private string SpbleuModel => context.Recipe.Evaluate.SpbleuModel is { } path
        ? TokenizerFolder.MainFile(path)
        : TokenizerFolder.MainFile(context.TokenizerFolder);

    public override void Run(IRunProgress progress, CancellationToken cancellation)
    {
        context.PrepareComputing();
        var tokenizer = context.LoadTokenizer();
        var all = ReadTestSet();
        var scores = new List<ScoreRecord>();
        scores.AddRange(BitsPerBytes("base", context.BaseModel, all, tokenizer, progress, cancellation));
        scores.AddRange(BitsPerBytes("llamax", context.PretrainedModel, all, tokenizer, progress, cancellation));
        scores.AddRange(Translations(FinetuneStage.BaseSystem, all, progress, cancellation));
        scores.AddRange(Translations(FinetuneStage.LlamaxSystem, all, progress, cancellation));
        ResultsFile.Write(folder, scores);
    }

    private TestSet ReadTestSet()
    {
        var lines = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var language in context.Recipe.Languages.Where(context.Recipe.Data.Test.ContainsKey))
        {
            var path = context.Recipe.Data.Resolve(context.Recipe.Data.Test[language]);
            lines[language] = [.. LineReader.Read(TextFile.FindOne(path, $"data.test.{language}"))];
        }

        return new TestSet(context.Recipe.Name, lines);
    }

    private IEnumerable<ScoreRecord> BitsPerBytes(
        string system, string modelFolder, TestSet all, Tokenizer tokenizer, IRunProgress progress, CancellationToken cancellation)
    {
        var sample = all.Sample(context.Recipe.Evaluate.Options.BitsPerByteSentences, new RandomStream(context.Recipe.Seed, Name, "bits per byte"));
        using var model = ModelFolder.Load(modelFolder, TorchSharp.torch.ScalarType.Float32, note: text => progress.Note(Name, text));
        var done = 0;
        foreach (var (language, lines) in sample.Lines)
        {
            progress.Advanced(Name, $"{system}, bits per byte", done++, sample.Lines.Count, language);
            var documents = BitsPerByte.Documents(
                lines, context.Recipe.Evaluate.Options.BitsPerByteLines, LanguageRegistry.Default.Get(language));
            var bits = BitsPerByte.Measure(model, tokenizer, documents, cancellation);
            yield return new ScoreRecord(system, all.Name, language, "bits_per_byte", bits, null, sample.Count);
        }
    }

    private IReadOnlyList<ScoreRecord> Translations(string system, TestSet all, IRunProgress progress, CancellationToken cancellation)
    {
        var options = context.Recipe.Evaluate;
        var sample = all.Sample(options.Options.Sentences, new RandomStream(context.Recipe.Seed, Name, "sentences"));
        var directions = Directions.Select(options.Options.Directions, [.. sample.Lines.Keys]);
        using var asked = new ModelSystem(system, context.TunedModel(system), PromptTemplate.Find(context.Recipe.Finetune.Template), options.Generation, text => progress.Note(Name, text));
        Metric[] metrics = [new Bleu(new BleuOptions { Tokenizer = BleuTokenizer.SentencePieceFile(SpbleuModel) }), new Chrf()];
        progress.Advanced(Name, system, 0, directions.Count, "directions");
        return new MatrixEvaluator(folder, sample, metrics).Evaluate(
            asked, directions, done => progress.Advanced(Name, system, done, directions.Count, "directions"), cancellation);
    }
}
