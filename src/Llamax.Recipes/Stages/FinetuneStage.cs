namespace Llamax.Recipes.Stages;

/// <summary>Instruction tuning of the base model and of the continually pre-trained one: the same data, steps and order.</summary>
internal sealed class FinetuneStage(RunContext context) : Stage
{
    public const string BaseSystem = "base-alpaca";
    public const string LlamaxSystem = "llamax-alpaca";

    private readonly string folder = Path.Combine(context.Folder, RunContext.Finetune);

    public override string Name => RunContext.Finetune;

    public override bool CanResume => true;

    public override IReadOnlyDictionary<string, string> Settings =>
        SettingsText.Of("finetune", context.Recipe.Finetune.Training, ModelTraining.Unimportant)
            .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
            .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs => context.FilesOfTrainingSet(Name)
        .Concat(context.FilesOf(context.BaseModel))
        .Concat(context.FilesOf(context.PretrainedModel))
        .Concat(context.TokenizerInputs)
        .ToDictionary();

    public override IEnumerable<string> Outputs =>
        new[] { BaseSystem, LlamaxSystem }.SelectMany(system => ModelTraining.Outputs(folder, context.TunedModel(system)));

    public override IReadOnlyDictionary<string, string> Versions => ModelTraining.Versions;

    public override void Run(IRunProgress progress, CancellationToken cancellation)
    {
        Tune(BaseSystem, context.BaseModel, progress, cancellation);
        Tune(LlamaxSystem, context.PretrainedModel, progress, cancellation);
    }

    private void Tune(string system, string start, IRunProgress progress, CancellationToken cancellation) => ModelTraining.Run(
        context, Name, system, Path.Combine(folder, system), () => ModelTraining.Load(start, text => progress.Note(Name, text)), context.TrainingSet(Name),
        context.Recipe.Finetune.Training, progress, cancellation);
}
