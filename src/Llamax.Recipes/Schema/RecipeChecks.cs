using Llamax.Evaluation.Matrix;
using Llamax.Models;
using Llamax.Recipes.Yaml;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;

namespace Llamax.Recipes.Schema;

/// <summary>The checks of a recipe that reach over more than one key, and those that look at the disk.</summary>
internal sealed class RecipeChecks(Recipe recipe, MapNode root, IReadOnlyDictionary<string, RecipeNode> places, ErrorList errors)
{
    public void Run()
    {
        CheckName();
        CheckLanguages();
        CheckModel();
        CheckLengths();
        new FileChecks(recipe.Data, Add).Run();
        CheckNamedFiles();
        CheckSegmentation();
        new BuildingChecks(recipe, places.ContainsKey, Add).Run();
        new WeightChecks(recipe, Add).Run();
        Attempt("finetune.template", () => PromptTemplate.Find(recipe.Finetune.Template));
        if (recipe.Data.Test.Count > 0)
        {
            Attempt("evaluate.directions", () => Directions.Select(recipe.Evaluate.Options.Directions, [.. recipe.Data.Test.Keys]));
        }
    }

    private void CheckName()
    {
        if (recipe.Name is "." or ".." || recipe.Name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) || recipe.Name.Contains('\\'))
        {
            Add("name", $"name is '{recipe.Name}', which cannot be the name of a folder.");
        }
    }

    private void CheckLanguages()
    {
        if (places.ContainsKey("languages") && recipe.Languages.Count < 2)
        {
            Add("languages", "name at least two languages: there is nothing to translate with fewer.");
        }

        var used = Keys("data.base_text", recipe.Data.BaseText.Keys)
            .Concat(Keys("data.monolingual", recipe.Data.Monolingual.Keys))
            .Concat(recipe.Data.Parallel.Keys.SelectMany(pair => pair.Split('-').Select(code => ($"data.parallel.{pair}", code))))
            .Concat(recipe.Data.Multiway.SelectMany((set, i) => Keys($"data.multiway[{i}]", set.Keys)))
            .Concat(recipe.Data.Dictionaries.Keys.SelectMany(pair => pair.Split('-').Select(code => ($"data.dictionaries.{pair}", code))))
            .Concat(Keys("data.segmentation", recipe.Data.Segmentation.Keys))
            .Concat(Keys("data.test", recipe.Data.Test.Keys));
        foreach (var (key, code) in used.Where(each => each.Item2 != LanguageCodesAttribute.All && !recipe.Languages.Contains(each.Item2)))
        {
            Add(key, $"{key}: '{code}' is not among `languages` ({string.Join(", ", recipe.Languages)}).");
        }

        for (var i = 0; i < recipe.Data.Multiway.Count; i++)
        {
            var set = recipe.Data.Multiway[i];
            if (set.ContainsKey(LanguageCodesAttribute.All) ? set.Count > 1 : set.Count < 2)
            {
                Add($"data.multiway[{i}]", set.Count > 1
                    ? "'*' stands for all languages: no others can stand beside it. Write another set."
                    : "line-aligned files are needed in at least two languages; or '*' with {lang} in the path.");
            }
        }

        if (recipe.Data.Test.Count == 1)
        {
            Add("data.test", "held-out text is needed in at least two languages.");
        }

        static IEnumerable<(string Key, string Code)> Keys(string key, IEnumerable<string> codes) => codes.Select(code => ($"{key}.{code}", code));
    }

    private void CheckModel()
    {
        if (recipe.Model.Path is { } path)
        {
            if (recipe.Base is not null)
            {
                Add("base", "model.path names a model, so there is no base to train; remove one of the two.");
            }

            Refuse("model", "model.path", "the model's own config.json says what it is like");
            if (recipe.Data.BaseText.Count > 0)
            {
                Add("data.base_text", "data.base_text has no effect beside model.path: there is no base model to train. Remove one of the two.");
            }

            if (!File.Exists(Path.Combine(path, "config.json")))
            {
                Add("model.path", $"{path} is no model folder: it has no config.json.");
            }

            if (recipe.Tokenizer.Path is null)
            {
                Attempt("model.path", () => TokenizerFiles.Of(path));
            }
        }
        else
        {
            if (recipe.Base is null)
            {
                Add("", "key 'base' is missing: say how the fresh model is trained, or name a model as model.path.");
            }

            if (recipe.Data.BaseText.Count == 0)
            {
                Add("data", "key 'base_text' is missing in data: the text that the fresh model is trained on.");
            }
        }

        if (recipe.Tokenizer.Path is not null)
        {
            Refuse("tokenizer", "tokenizer.path", "no tokenizer is trained");
        }
        else if (recipe.Model.Path is not null)
        {
            Refuse("tokenizer", "model.path", "the model brings its tokenizer");
        }

        if (recipe.Data.Monolingual.Count == 0 && recipe.Data.Parallel.Count == 0 && recipe.Data.Multiway.Count == 0)
        {
            Add("data", "continual pre-training has no data: name files under monolingual, parallel or multiway.");
        }
    }

    /// <summary>Names what is written in the recipe and would have no effect beside <paramref name="because"/>.</summary>
    private void Refuse(string section, string because, string why)
    {
        foreach (var (key, node) in places.Where(place => place.Key.StartsWith(section + ".", StringComparison.Ordinal)
            && place.Key.IndexOf('.', section.Length + 1) < 0 && place.Key != $"{section}.path" && place.Value is not ScalarNode { IsNull: true }))
        {
            errors.Add(node.Origin, $"{key} has no effect beside {because}: {why}. Remove one of the two.");
        }
    }

    /// <summary>No entry may be longer than the model has positions.</summary>
    private void CheckLengths()
    {
        var positions = recipe.Model.MaxPositions;
        if (recipe.Model.Path is { } path)
        {
            if (!File.Exists(Path.Combine(path, "config.json")))
            {
                return;
            }

            Attempt("model.path", () => positions = ConfigFile.Read(path).MaxPositions);
        }

        var (block, pair) = (recipe.Data.Building.BlockSize, recipe.Data.Building.MaxTokens);
        foreach (var (stage, options, entry, key) in new[]
        {
            ("base", recipe.Base, block, "data.block_size"),
            ("pretrain", recipe.Pretrain, block, "data.block_size"),
            ("pretrain", recipe.Pretrain, pair, "data.max_tokens"),
            ("finetune", recipe.Finetune.Training, pair, "data.max_tokens"),
        })
        {
            if (options is not null && Math.Min(entry, options.MaxSequence) > positions)
            {
                Add($"{stage}.max_sequence", $"{stage} would train on entries of up to {Math.Min(entry, options.MaxSequence)} tokens ({key} is {entry}, "
                    + $"{stage}.max_sequence {options.MaxSequence}), but the model has {positions} positions (model.max_positions).");
            }
        }
    }

    private void CheckNamedFiles()
    {
        foreach (var (key, path) in new[] { ("tokenizer.path", recipe.Tokenizer.Path), ("evaluate.spbleu_model", recipe.Evaluate.SpbleuModel) })
        {
            if (path is not null && !File.Exists(path) && !Directory.Exists(path))
            {
                Add(key, $"{key}: there is no file {Shown(path)}.");
            }
            else if (path is not null)
            {
                Attempt(key, () => TokenizerFiles.Of(path));
            }
        }

        // spBLEU cuts with the run's tokenizer where no other model is named.
        var (cuts, by) = recipe.Evaluate.SpbleuModel is { } named ? ("evaluate.spbleu_model", named)
            : recipe.Tokenizer.Path is { } tokenizer ? ("tokenizer.path", tokenizer) : ("model.path", recipe.Model.Path);
        if (by is not null && Works(() => TokenizerFiles.Of(by)))
        {
            Attempt(cuts, () => TokenizerFiles.CheckSentencePiece(by));
        }
    }

    private void CheckSegmentation()
    {
        var hasWords = recipe.Data.Dictionaries.Count > 0 || recipe.Data.Lexicon is not null;
        if (recipe.Data.Segmentation.Count > 0 && !hasWords)
        {
            Add("data.segmentation", "data.segmentation has no effect without data.dictionaries: no words are looked up. Remove it or name dictionaries.");
        }

        foreach (var (code, section) in recipe.Data.Segmentation)
        {
            var key = DataSection.SegmentationPrefix + code;
            if (LanguageRegistry.Default.Find(code) is not { } language)
            {
                continue; // Named where the keys are read.
            }

            if (section.Misfit(language) is { } misfit)
            {
                Add(key, $"{key}: {misfit}");
            }
            else if (section.Files().All(file => File.Exists(recipe.Data.Resolve(file.Path))))
            {
                Attempt(key, () => section.Load(language, recipe.Data.Resolve, []));
            }
        }
    }

    private static bool Works(Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (LlamaxException)
        {
            return false;
        }
    }

    private void Attempt(string key, Action check)
    {
        try
        {
            check();
        }
        catch (LlamaxException exception)
        {
            Add(key, $"{key}: {exception.Message}");
        }
    }

    /// <summary>Adds an error at the key, or at the nearest group above it that is there.</summary>
    private void Add(string key, string message)
    {
        for (var path = key; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (places.TryGetValue(path, out var node))
            {
                errors.Add(node.Origin, message);
                return;
            }
        }

        errors.Add(root.Origin, message);
    }

    internal static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("../../..", StringComparison.Ordinal) ? path : relative;
    }
}
