using System.Text;
using Llamax.Recipes.Yaml;
using Llamax.Text.Files;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;

namespace Llamax.Recipes.Schema;

/// <summary>Reads recipes.</summary>
public static class RecipeFile
{
    private const long MaximumBytes = 4 << 20;

    /// <summary>Reads a recipe, applies overrides, and checks it whole, the existence of its files included.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Assignments such as <c>pretrain.learning_rate=1e-4</c>, in order.</param>
    /// <exception cref="LlamaxException">All that is wrong, one line each, with the line of the file or the override.</exception>
    public static Recipe Load(string path, IReadOnlyList<string>? overrides = null)
    {
        var errors = new ErrorList();
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var top = new Origin($"{path}:1", folder);
        var parsed = RecipeParser.Parse(Read(path), mark => new Origin($"{path}:{Math.Max(mark.Line, 1)}", folder), errors);
        var root = parsed switch
        {
            MapNode map => map,
            null or ScalarNode { IsNull: true } => new MapNode(top),
            _ => null,
        };
        if (parsed is null && errors.Count > 0)
        {
            errors.ThrowIfAny();
        }

        if (root is not null)
        {
            foreach (var assignment in overrides ?? [])
            {
                RecipeOverrides.Apply(root, assignment, errors);
            }
        }

        var registry = LanguageRegistry.Default;
        var languages = new LanguageCheck(code => registry.Find(code)?.Code, registry.Nearest);
        var binder = new RecipeBinder(errors, languages);
        var recipe = new OptionLanguages(languages, binder.Places, errors).Named(binder.Bind<Recipe>(root ?? parsed!));
        recipe = recipe with
        {
            Name = recipe.Name.Length > 0 ? recipe.Name : Path.GetFileNameWithoutExtension(path),
            Data = recipe.Data with { Root = recipe.Data.Root.Length > 0 ? recipe.Data.Root : folder, Languages = recipe.Languages },
            Finetune = recipe.Finetune with { Template = Template(recipe.Finetune.Template, binder.Places) },
        };
        if (root is not null)
        {
            new RecipeChecks(recipe, root, binder.Places, errors).Run();
        }

        errors.ThrowIfAny();
        return recipe;
    }

    /// <summary>A template by its name, or else the file's full path, from where the key is written.</summary>
    private static string Template(string template, Dictionary<string, RecipeNode> places)
    {
        if (PromptTemplate.Names.Contains(template) || !places.TryGetValue("finetune.template", out var node) || template.Contains('\0'))
        {
            return template;
        }

        var file = Path.GetFullPath(template, Path.GetFullPath(node.Origin.BaseFolder));
        return File.Exists(file) || Path.GetFileName(template) != template || Path.HasExtension(template) ? file : template;
    }

    private static string Read(string path)
    {
        try
        {
            return !File.Exists(path)
                ? throw new LlamaxException(Directory.Exists(path) ? $"{path} is a folder. Name a recipe, a YAML file." : $"{path}: there is no such recipe.{Similar(path)}")
                : FileStamp.Of(path).Length is > MaximumBytes and var length
                    ? throw new LlamaxException($"{path}: {length:N0} bytes are too many for a recipe; is this the right file?")
                    : File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new LlamaxException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static string Similar(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var names = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileName(file)!).Order().ToList() : [];
        return NearestName.Find(Path.GetFileName(path), names) is { } nearest
            ? $" Did you mean {Path.Combine(Path.GetDirectoryName(path) ?? "", nearest)}?"
            : "";
    }
}
