using Llamax.Recipes.Schema;
using Llamax.Text.Prompts;

namespace Llamax.Recipes.Stages;

/// <summary>The files of a recipe's data section as inputs of stages.</summary>
internal static class DataFiles
{
    /// <summary>Every file by the key that names it; for a file in an archive, the archive.</summary>
    /// <param name="data">The section.</param>
    /// <param name="prefixes">Start of the keys wanted, for example <c>data.test</c>.</param>
    public static IEnumerable<KeyValuePair<string, string>> Inputs(DataSection data, params IReadOnlyList<string> prefixes)
    {
        foreach (var (key, path) in data.Files().Where(file => IsUnder(file.Key, prefixes)))
        {
            var found = data.Find(path, key);
            for (var i = 0; i < found.Count; i++)
            {
                yield return KeyValuePair.Create(found.Count == 1 ? key : $"{key}, {i + 1}", found[i].DiskPath);
            }
        }
    }

    /// <summary>The members of archives that are read, by the key that names them: the archive's hash says nothing about which.</summary>
    /// <param name="data">The section.</param>
    /// <param name="prefixes">Start of the keys wanted.</param>
    public static IEnumerable<KeyValuePair<string, string>> Settings(DataSection data, params IReadOnlyList<string> prefixes) =>
        data.Files().Where(file => IsUnder(file.Key, prefixes) && file.Path.Contains('!'))
            .Select(file => KeyValuePair.Create($"{file.Key}!", file.Path[(file.Path.IndexOf('!') + 1)..]));

    /// <summary>The prompt template as an input where it is a file of the user's.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Template(Recipe recipe) =>
        PromptTemplate.Names.Contains(recipe.Finetune.Template)
            ? []
            : [KeyValuePair.Create("finetune.template", recipe.Finetune.Template)];

    /// <summary>What a stage's settings say of the template: its name; a file is among the inputs, wherever it lies.</summary>
    public static KeyValuePair<string, string> TemplateSetting(Recipe recipe) =>
        KeyValuePair.Create("finetune.template", Path.GetFileName(recipe.Finetune.Template));

    private static bool IsUnder(string key, IReadOnlyList<string> prefixes) =>
        prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal) && key[prefix.Length..] is "" or ['.' or '[', ..]);
}
