using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Packed;
using Llamax.Text.Prompts;

namespace Llamax.Recipes.Schema;

/// <summary>The checks of how training data are built that reach over more than one key.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="isSet">Whether the recipe has a key.</param>
/// <param name="add">Receives a key and what is wrong there.</param>
internal sealed class BuildingChecks(Recipe recipe, Func<string, bool> isSet, Action<string, string> add)
{
    public void Run()
    {
        if (recipe.Data.Lexicon is not null && recipe.Data.Dictionaries.Count > 0)
        {
            add("data.lexicon", "data.lexicon and data.dictionaries are both there: a lexicon is made of dictionaries. Remove one of the two.");
        }

        if (recipe.Data.Lexicon is { } lexicon && File.Exists(recipe.Data.Resolve(lexicon)))
        {
            CheckLexicon(recipe.Data.Resolve(lexicon));
        }

        if (recipe.Data.PseudoFrom is { } pseudo)
        {
            CheckPseudo(pseudo, (recipe.Data.Dictionaries.Count > 0 || recipe.Data.Lexicon is not null) && recipe.Data.Building.CodeSwitch.Enabled);
        }

        var building = recipe.Data.Building;
        if (building.Cleaning.WrongLanguage)
        {
            add("data.cleaning.wrong_language", "data.cleaning.wrong_language needs a language identifier, and recipes cannot name one yet. Remove it.");
        }

        foreach (var (stage, options) in new[] { ("base", recipe.Base), ("pretrain", recipe.Pretrain), ("finetune", recipe.Finetune.Training) })
        {
            if (building.Packing != PackingMode.None && options is not null && options.MaxSequence < building.PackedLength)
            {
                add($"{stage}.max_sequence", $"{stage}.max_sequence is {options.MaxSequence}, below data.packed_length, {building.PackedLength}: "
                    + "whole entries would be cut off the packed rows. Make one of the two fit.");
            }
        }
    }

    /// <summary>A lexicon's file says what it was built for; the recipe may say the same, and nothing else.</summary>
    private void CheckLexicon(string path)
    {
        try
        {
            using var lexicon = MultilingualLexicon.Open(path);
            var wanted = recipe.Data.Building.CodeSwitch;
            Compare("hops", wanted.Hops, lexicon.Hops);
            Compare("fan_out", wanted.FanOut, lexicon.FanOut);
            if (!wanted.BothWays)
            {
                add("data.code_switch.both_ways", "data.code_switch.both_ways says how dictionaries are used, and data.lexicon is built: build it with `llamax lexicon build --one-way`, and remove the key.");
            }
        }
        catch (LlamaxException exception)
        {
            add("data.lexicon", $"data.lexicon: {exception.Message}");
        }

        void Compare(string key, int value, int own)
        {
            if (isSet($"data.code_switch.{key}") && value != own)
            {
                add($"data.code_switch.{key}", $"data.code_switch.{key} is {value}, and {recipe.Data.Lexicon} was built with {own}. Remove the key, or build the lexicon with --{key.Replace('_', '-')} {value}.");
            }
        }
    }

    private void CheckPseudo(PseudoSection pseudo, bool isSwitched)
    {
        if (!recipe.Languages.Contains("en"))
        {
            add("data.pseudo_from", "data.pseudo_from translates English text, and 'en' is not among `languages`.");
        }

        if (!isSwitched && !recipe.Data.Building.Pseudo.Unaugmented)
        {
            add("data.pseudo_from", "data.pseudo_from has no effect: translated pairs enter code-switched, which needs data.dictionaries or data.lexicon; or set data.pseudo.unaugmented.");
        }

        if (!File.Exists(Path.Combine(pseudo.Model, "config.json")))
        {
            add("data.pseudo_from.model", $"{pseudo.Model} is no model folder: it has no config.json.");
        }

        try
        {
            if (pseudo.Template is { } template)
            {
                PromptTemplate.Find(template);
            }
        }
        catch (LlamaxException exception)
        {
            add("data.pseudo_from.template", $"data.pseudo_from.template: {exception.Message}");
        }
    }
}
