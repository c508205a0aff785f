namespace Llamax.Recipes.Stages;

/// <summary>Continual pre-training of the base model on the data of Algorithm 1.</summary>
internal sealed class PretrainStage(RunContext context) : Stage
{
    private readonly string folder = Path.Combine(context.Folder, RunContext.Pretrain);

    public override string Name => RunContext.Pretrain;

    public override bool CanResume => true;

    public override IReadOnlyDictionary<string, string> Settings => SettingsText.Of("pretrain", context.Recipe.Pretrain, ModelTraining.Unimportant)
        .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
        .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs => context.FilesOfTrainingSet(Name)
        .Concat(context.FilesOf(context.BaseModel))
        .Concat(context.TokenizerInputs)
        .ToDictionary();

    public override IEnumerable<string> Outputs => ModelTraining.Outputs(folder, context.PretrainedModel);

    public override IReadOnlyDictionary<string, string> Versions => ModelTraining.Versions;

    public override void Run(IRunProgress progress, CancellationToken cancellation) => ModelTraining.Run(
        context, Name, "continual pre-training", folder, () => ModelTraining.Load(context.BaseModel, text => progress.Note(Name, text)), context.TrainingSet(Name),
        context.Recipe.Pretrain, progress, cancellation);
}
