using Llamax.Recipes.Schema;
using Llamax.Recipes.Stages;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes;

/// <summary>Turns a recipe into a run folder: data, tokenizer, models, scores, report.</summary>
/// <param name="recipe">The recipe, from <see cref="RecipeFile.Load"/>.</param>
/// <param name="folder">The run folder; null for <c>runs/NAME</c> under the current folder.</param>
/// <param name="building">How training data are made; null for the defaults.</param>
public sealed class RecipeRun(Recipe recipe, string? folder = null, DataBuilding? building = null)
{
    private readonly RunContext context = new(recipe, Path.GetFullPath(folder ?? Path.Combine("runs", recipe.Name)), building ?? new DataBuilding());

    /// <summary>The names of all stages, in order.</summary>
    public static IReadOnlyList<string> StageNames => RunContext.StageNames;

    /// <summary>The run folder, as a full path.</summary>
    public string Folder => context.Folder;

    /// <summary>The page of the report.</summary>
    public string ReportPage => Path.Combine(context.Folder, RunContext.Report, "index.html");

    /// <summary>Does what is missing or out of date.</summary>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="from">The stage that is done anew, and all later ones with it; null for only what is needed.</param>
    /// <param name="until">The last stage to do; null for all.</param>
    /// <param name="cancellation">Ends the run; the next one goes on from there.</param>
    /// <returns>How many stages were done; 0 where everything was up to date.</returns>
    /// <exception cref="LlamaxException">A stage is unknown, an input is wrong, or another run is at work in the folder.</exception>
    public int Run(IRunProgress progress, string? from = null, string? until = null, CancellationToken cancellation = default)
    {
        var stages = Stages();
        var (first, last) = (IndexOf(stages, from), IndexOf(stages, until));
        if (from is not null && until is not null && first > last)
        {
            throw new LlamaxException($"Stage {from} comes after {until}: there is nothing to do. The order is {string.Join(", ", stages.Select(stage => stage.Name))}.");
        }

        return new StageRunner(context.Folder, TimeProvider.System).Run(stages, from, until, progress, cancellation);
    }

    private List<Stage> Stages()
    {
        var stages = new List<Stage> { new TokenizerStage(context), new DataStage(context) };
        if (recipe.Model.Path is null)
        {
            stages.Add(new BaseStage(context));
        }

        stages.AddRange([new PretrainStage(context), new FinetuneStage(context), new EvaluateStage(context), new ReportStage(context)]);
        return stages;
    }

    private static int IndexOf(List<Stage> stages, string? name)
    {
        if (name is null)
        {
            return 0;
        }

        var names = stages.Select(stage => stage.Name).ToList();
        var index = names.IndexOf(name);
        return index >= 0 ? index : throw new LlamaxException(
            $"Unknown stage '{name}'{(NearestName.Find(name, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".")} The stages of this recipe: {string.Join(", ", names)}.");
    }
}
