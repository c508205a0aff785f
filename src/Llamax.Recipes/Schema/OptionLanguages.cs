using Llamax.Corpora;
using Llamax.Recipes.Yaml;
using Llamax.Training;

namespace Llamax.Recipes.Schema;

/// <summary>
/// Gives languages their one code where a recipe names them among options of other floors, which know nothing of recipes:
/// <c>data.code_switch.languages</c>, the <c>weights</c> of trainings and <c>evaluate.directions</c>.
/// </summary>
/// <param name="languages">The known languages.</param>
/// <param name="places">The nodes of the recipe by their paths.</param>
/// <param name="errors">Receives what is wrong.</param>
internal sealed class OptionLanguages(LanguageCheck languages, IReadOnlyDictionary<string, RecipeNode> places, ErrorList errors)
{
    /// <summary>The recipe with these languages under their codes.</summary>
    public Recipe Named(Recipe recipe)
    {
        var building = recipe.Data.Building;
        return recipe with
        {
            Data = recipe.Data with { Building = building with { CodeSwitch = building.CodeSwitch with { Languages = Codes(building.CodeSwitch.Languages, "data.code_switch.languages") } } },
            Base = recipe.Base is null ? null : Weighed(recipe.Base, "base"),
            Pretrain = Weighed(recipe.Pretrain, "pretrain"),
            Finetune = recipe.Finetune with { Training = Weighed(recipe.Finetune.Training, "finetune") },
            Evaluate = recipe.Evaluate with { Options = recipe.Evaluate.Options with { Directions = [.. recipe.Evaluate.Options.Directions.Select(Direction)] } },
        };
    }

    private IReadOnlyList<string> Codes(IReadOnlyList<string> written, string key)
    {
        var names = new LanguageNaming(languages, errors, new LanguageCodesAttribute());
        return [.. written.Select((code, i) => names.Take(code, At($"{key}[{i}]", key))).OfType<string>()];
    }

    /// <summary>A key may also be a kind of entries; what is none of all is said by <see cref="WeightChecks"/>.</summary>
    private TrainingOptions Weighed(TrainingOptions options, string section)
    {
        var weights = new Dictionary<string, double>();
        var taken = new Dictionary<string, string>();
        foreach (var (written, weight) in options.Weights)
        {
            var name = ExampleKinds.All.Contains(written) ? written : languages.Find(written) ?? languages.FindPair(written) ?? written;
            var place = $"{section}.weights.{written}";
            if (!weights.TryAdd(name, weight))
            {
                errors.Add(At(place, section), $"{section}.weights: '{written}' means the same as '{taken[name]}' ({At($"{section}.weights.{taken[name]}", section).Label}): both are {name}. Name it once.");
            }

            taken.TryAdd(name, written);
        }

        return options with { Weights = weights };
    }

    private string Direction(string pattern) => languages.FindPair(pattern, LanguageCodesAttribute.All) ?? pattern;

    private Origin At(string key, string group) => places.TryGetValue(key, out var node) || places.TryGetValue(group, out node) ? node.Origin : default;
}
