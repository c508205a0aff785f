using System.Text;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Recipes.Schema;
using Llamax.Text.Files;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Stages;

/// <summary>Trains the tokenizer on all texts of the run, or takes the one that the recipe names.</summary>
internal sealed class TokenizerStage(RunContext context) : Stage
{
    private static readonly string[] Texts = ["data.base_text", "data.monolingual", "data.parallel", "data.multiway", "data.instructions"];

    private readonly DataSection data = context.Recipe.Data;

    public override string Name => RunContext.Tokenizer;

    public override bool CanResume => false;

    public override IReadOnlyDictionary<string, string> Settings => Given is null
        ? SettingsText.Of("tokenizer", context.Recipe.Tokenizer.Training)
            .Append(DataFiles.TemplateSetting(context.Recipe))
            .Append(DataStage.InvalidUtf8(context))
            .Concat(DataFiles.Settings(data, Texts))
            .Concat(data.Readings())
                .ToDictionary()
        : new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, string> Inputs => Given is { } path
        ? TokenizerFiles.Of(path).ToDictionary(file => $"tokenizer.path/{file.Key}", file => file.Value)
        : DataFiles.Inputs(data, Texts).Concat(DataFiles.Template(context.Recipe)).ToDictionary();

    public override IEnumerable<string> Outputs => TokenizerFiles.In(context.TokenizerFolder).Select(file => Path.GetFileName(file)!);

    /// <summary>The tokenizer that the recipe names, by itself or with its model; null where one is trained.</summary>
    private string? Given => context.Recipe.Tokenizer.Path ?? context.Recipe.Model.Path;

    public override void Run(IRunProgress progress, CancellationToken cancellation)
    {
        if (Given is { } path)
        {
            TokenizerFolder.Load(path, note => progress.Note(Name, note));
            foreach (var (name, file) in TokenizerFiles.Of(path))
            {
                var bytes = File.ReadAllBytes(file);
                AtomicFile.Write(Path.Combine(context.TokenizerFolder, name), stream => stream.Write(bytes), cancellation);
            }

            TokenizerFiles.CheckCopy(path, context.TokenizerFolder);
            return;
        }

        var left = new LeftOut();
        var trainer = new BpeTrainer(context.Recipe.Tokenizer.Training) { Progress = left };
        var tokenizer = trainer.Train(Sentences(), Path.Combine(context.TokenizerFolder, "tokenizer.model"), cancellation);
        if (left.Count > 0)
        {
            progress.Note(Name, $"{left.Count:N0} sentences are longer than max_sentence_bytes and were left out");
        }

        progress.Note(Name, $"{tokenizer.VocabularySize:N0} pieces");
    }

    /// <summary>Every text once, and the prompts as the template words them: they are read as often as anything else.</summary>
    private IEnumerable<string> Sentences()
    {
        var units = new DataUnits(data, context.Reading);
        var texts = units.Texts(data.BaseText, "data.base_text").Concat(units.Texts(data.Monolingual, "data.monolingual")).Concat(units.Translations())
            .DistinctBy(unit => (unit.Reading, string.Join('\n', unit.Files.Select(file => file.Name)))).SelectMany(Lines);
        var template = PromptTemplate.Find(context.Recipe.Finetune.Template);
        var prompts = data.Instructions.SelectMany(path => data.Find(path, "data.instructions")).SelectMany(InstructionReader.Read)
            .SelectMany(task => $"{template.Render(task.Instruction, task.Input)}\n{task.Output}".Split('\n'));
        return texts.Concat(prompts);
    }

    private static IEnumerable<string> Lines(WorkUnit unit)
    {
        foreach (var batch in unit.Reader.Read(new BadRecords()))
        {
            for (var record = 0; record < batch.Count; record++)
            {
                for (var field = 0; field < batch.Fields; field++)
                {
                    foreach (var line in Encoding.UTF8.GetString(batch[record, field]).Split('\n'))
                    {
                        yield return line;
                    }
                }
            }
        }
    }

    private sealed class LeftOut : IProgress<TrainingProgress>
    {
        public long Count { get; private set; }

        public void Report(TrainingProgress value) => Count = Math.Max(Count, value.TooLong);
    }
}
