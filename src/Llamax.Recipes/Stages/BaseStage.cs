using Llamax.Models;
using Llamax.Text.Randomness;

namespace Llamax.Recipes.Stages;

/// <summary>Trains a fresh model on <c>data.base_text</c>.</summary>
internal sealed class BaseStage(RunContext context) : Stage
{
    private readonly string folder = Path.Combine(context.Folder, RunContext.Base);

    public override string Name => RunContext.Base;

    public override bool CanResume => true;

    public override IReadOnlyDictionary<string, string> Settings => SettingsText.Of("base", context.Recipe.Base!, ModelTraining.Unimportant)
        .Concat(SettingsText.Of("model", context.Recipe.Model))
        .Append(KeyValuePair.Create("seed", $"{context.Recipe.Seed}"))
        .ToDictionary();

    public override IReadOnlyDictionary<string, string> Inputs =>
        context.FilesOfTrainingSet(Name).Concat(context.TokenizerInputs).ToDictionary();

    public override IEnumerable<string> Outputs => ModelTraining.Outputs(folder, context.BaseModel);

    public override IReadOnlyDictionary<string, string> Versions => ModelTraining.Versions;

    public override void Run(IRunProgress progress, CancellationToken cancellation) => ModelTraining.Run(
        context, Name, "base model", folder, Fresh, context.TrainingSet(Name), context.Recipe.Base!, progress, cancellation);

    private CausalLanguageModel Fresh()
    {
        var model = new CausalLanguageModel(context.Recipe.Model.ToConfig(context.LoadTokenizer()));
        model.InitializeWeights(new RandomStream(context.Recipe.Seed, Name, "weights"));
        return model;
    }
}
