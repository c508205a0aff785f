using Llamax.Corpora;
using Llamax.Recipes.Yaml;
using Llamax.Training;

namespace Llamax.Recipes.Schema;

/// <summary>Checks that each of the <c>weights</c> names what a training set of the recipe can hold, before hours go into building it.</summary>
internal sealed class WeightChecks(Recipe recipe, Action<string, string> add)
{
    public void Run()
    {
        foreach (var (section, options) in new[] { ("base", recipe.Base), ("pretrain", recipe.Pretrain), ("finetune", recipe.Finetune.Training) })
        {
            Check(section, options);
        }
    }

    private void Check(string section, TrainingOptions? options)
    {
        foreach (var key in options?.Weights.Keys.Where(key => !IsKnown(key)) ?? [])
        {
            var nearest = NearestName.Find(key, ExampleKinds.All.Concat(recipe.Languages));
            add($"{section}.weights.{key}", $"{section}.weights: '{key}' is neither a kind of entries ({string.Join(", ", ExampleKinds.All)}) nor one of "
                + $"`languages`, nor two of them as en-fr{(nearest is null ? "." : $"; did you mean '{nearest}'?")}");
        }
    }

    private bool IsKnown(string key) =>
        ExampleKinds.All.Contains(key)
        || (key.Split('-') is { Length: 1 or 2 } codes && codes.Distinct(StringComparer.Ordinal).Count() == codes.Length && codes.All(recipe.Languages.Contains));
}
