using System.Formats.Tar;
using System.Text;
using Llamax.Recipes.Schema;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Recipes.Tests.Schema;

public sealed class RecipeFileTests : IDisposable
{
    private const string Whole = """
        languages: [en, fr]
        data:
          root: texts
          base_text: { en: [mono.txt] }
          monolingual: { en: [mono.txt], fr: ["a*.fr"] }
          instructions: [tasks.json]
          test: { en: test.en, fr: test.fr }
        base: { steps: 10 }
        pretrain: { steps: 10, learning_rate: 1e-3 }
        finetune: { epochs: 2, template: alpaca }
        """;

    private readonly TemporaryFolder folder = new();

    public RecipeFileTests()
    {
        Directory.CreateDirectory(folder.File("texts"));
        foreach (var name in new[] { "mono.txt", "a.fr", "tasks.json", "test.en", "test.fr" })
        {
            File.WriteAllText(folder.File($"texts/{name}"), "");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_recipe_is_bound_whole()
    {
        var recipe = Load(Whole);

        Assert.Equal("toy", recipe.Name);
        Assert.Equal(folder.File("texts"), recipe.Data.Root);
        Assert.Equal(folder.File("texts/mono.txt"), recipe.Data.Resolve(recipe.Data.BaseText["en"][0].Path));
        Assert.Equal((10, 1e-3), (recipe.Pretrain.Steps, recipe.Pretrain.LearningRate));
        Assert.Equal((2, "alpaca"), (recipe.Finetune.Training.Epochs, recipe.Finetune.Template));
        Assert.Equal(512, recipe.Data.Building.BlockSize);
    }

    /// <summary>Whichever of its codes a recipe has for a language, wherever it names one: nothing behind it meets a second name.</summary>
    [Fact]
    public void Every_language_has_one_code_whichever_is_written()
    {
        File.WriteAllText(folder.File("texts/pt.txt"), "詞");
        var recipe = Load("""
            languages: [eng, fra_Latn, zh-Hant, pt-BR]
            data:
              root: texts
              base_text: { eng_Latn: [mono.txt] }
              monolingual: { en: [mono.txt], fra: ["a*.fr"] }
              parallel: { pt-BR-zh-Hant: [pt.txt], "eng-fra_Latn": ["a.{lang}"] }
              multiway: [{ eng: test.en, fra: test.fr }]
              dictionaries: { eng-fra: pt.txt }
              segmentation: { zh-Hant: { words: pt.txt } }
              instructions: [tasks.json]
              test: { eng: test.en, fra: test.fr }
              code_switch: { languages: [fra_Latn, zh-TW] }
            base: { steps: 10, weights: { eng: 2, mono: 1 } }
            pretrain: { steps: 10, weights: { fra_Latn-zh-Hant: 3, parallel: 2 } }
            finetune: { epochs: 2, weights: { fra: 0.5 } }
            evaluate: { directions: [eng-fra, "*-eng", "fra-*"] }
            """);

        var traditional = LanguageRegistry.Default.Get("zh-Hant").Code;
        var portuguese = LanguageRegistry.Default.Get("pt-BR").Code;
        Assert.Equal(["en", "fr", traditional, portuguese], recipe.Languages);
        Assert.Equal(recipe.Languages, recipe.Data.Languages);
        Assert.Equal("en", Assert.Single(recipe.Data.BaseText).Key);
        Assert.Equal(["en", "fr"], recipe.Data.Monolingual.Keys);
        Assert.Equal([$"{portuguese}-{traditional}", "en-fr"], recipe.Data.Parallel.Keys);
        Assert.Equal(["en", "fr"], recipe.Data.Multiway[0].Keys);
        Assert.Equal("en-fr", Assert.Single(recipe.Data.Dictionaries).Key);
        Assert.Equal(traditional, Assert.Single(recipe.Data.Segmentation).Key);
        Assert.Equal(["en", "fr"], recipe.Data.Test.Keys);
        Assert.Equal(["fr", traditional], recipe.Data.Building.CodeSwitch.Languages);
        Assert.Equal(["en", "mono"], recipe.Base!.Weights.Keys);
        Assert.Equal([$"fr-{traditional}", "parallel"], recipe.Pretrain.Weights.Keys);
        Assert.Equal("fr", Assert.Single(recipe.Finetune.Training.Weights).Key);
        Assert.Equal(["en-fr", "*-en", "fr-*"], recipe.Evaluate.Options.Directions);
    }

    [Theory]
    [InlineData("starter")]
    [InlineData("smoke")]
    public void The_recipes_of_the_house_are_right(string name)
    {
        var recipe = RecipeFile.Load(Path.Combine(Shared.Repository, "recipes", $"{name}.yaml"));

        Assert.Equal(name, recipe.Name);
        Assert.Equal(6, recipe.Languages.Count);
    }

    [Fact]
    public void The_recipe_for_real_text_is_right()
    {
        var recipe = RecipeFile.Load(
            Path.Combine(Shared.Repository, "recipes", "flores-mini.yaml"), [$"data.root={Shared.Path("data")}"]);

        Assert.Equal(4, recipe.Data.Dictionaries.Count);
    }

    [Theory]
    [InlineData("pretrain.learning_rat=1", "--set pretrain.learning_rat=1: unknown key 'learning_rat' in pretrain; did you mean 'learning_rate'?")]
    [InlineData("pretrain.learning_rate=7", "--set pretrain.learning_rate=7: pretrain.learning_rate is 7; it must be above 0 and at most 1.")]
    [InlineData("languages=[en, fr, xq]", "--set languages=[en, fr, xq]: unknown language 'xq'")]
    [InlineData("data.test.de=x", "--set data.test.de=x: data.test.de: 'de' is not among `languages` (en, fr).")]
    [InlineData("languages=[en, en, fr]", "'en' is there twice (also at --set languages=[en, en, fr]); remove one of the two.")]
    [InlineData("languages=[en, fr, fra]", "'fra' means the same as 'fr' (--set languages=[en, fr, fra]): both are fr. Name it once.")]
    [InlineData("data.test.fra=a.fr", "toy.yaml:7")]
    [InlineData("data.code_switch.languages=[fr, fra_Latn]", "'fra_Latn' means the same as 'fr'")]
    [InlineData("data.code_switch.languages=[fre_Latn]", "unknown language 'fre_Latn'; did you mean")]
    [InlineData("pretrain.weights={en-fr: 2, eng-fra: 3}", "pretrain.weights: 'eng-fra' means the same as 'en-fr'")]
    [InlineData("evaluate.directions=[en-deu]", "The pattern 'en-de' matches no direction among en, fr.")]
    [InlineData("pretrain.epochs=3", "toy.yaml:9: pretrain: Set either steps or epochs")]
    [InlineData("pretrain.warmup_steps=30", "--set pretrain.warmup_steps=30: pretrain: warmup_steps (30) is above steps (10)")]
    [InlineData("model.hidden_size=129", "--set model.hidden_size=129: model: hidden_size (129) must be a multiple")]
    [InlineData("data.test.fr=gone", "--set data.test.fr=gone: data.test.fr: ")]
    [InlineData("data.root=/nowhere", "--set data.root=/nowhere: data.root: there is no folder /nowhere;")]
    [InlineData("data.base_text.en=a.tar.gz!b", "--set data.base_text.en=a.tar.gz!b: data.base_text.en[0]: ")]
    [InlineData("base=", "toy.yaml:1: key 'base' is missing")]
    [InlineData("model.path=/nowhere", "toy.yaml:8: model.path names a model, so there is no base to train")]
    [InlineData("finetune.template=alpacca", "--set finetune.template=alpacca: finetune.template: Prompt template 'alpacca' is neither")]
    [InlineData("evaluate.directions=[en-de]", "--set evaluate.directions=[en-de]: evaluate.directions: The pattern 'en-de' matches no direction")]
    [InlineData("data.cleaning.wrong_language=true", "data.cleaning.wrong_language needs a language identifier")]
    [InlineData("data.lexicon=gone", "data.lexicon: ")]
    [InlineData("data.parallel={en-de: x.tsv}", "'de' is not among `languages` (en, fr).")]
    [InlineData("data.pseudo_from={text: texts, model: /nowhere}", "/nowhere is no model folder: it has no config.json.")]
    [InlineData("name=a/b", "--set name=a/b: name is 'a/b', which cannot be the name of a folder.")]
    [InlineData("tokenizer.path=/nowhere", "--set tokenizer.path=/nowhere: tokenizer.path: there is no file /nowhere.")]
    public void Each_mistake_is_named(string assignment, string message) =>
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => Load(Whole, assignment)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pattern_that_matches_no_file_is_named()
    {
        File.Delete(folder.File("texts/a.fr"));

        Assert.Contains("toy.yaml:5: data.monolingual.fr[0]", Error(Whole), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finetune: {", "evaluate: { hypotheses: 2 }\nfinetune: {", "unknown key 'hypotheses' in evaluate")]
    [InlineData("finetune: {", "model: { max_positions: 300 }\nfinetune: {", "base would train on entries of up to 512 tokens (data.block_size is 512, base.max_sequence 2048), but the model has 300 positions")]
    [InlineData("finetune: {", "model: { path: texts, layers: 2 }\nfinetune: {", "model.layers has no effect beside model.path")]
    [InlineData("finetune: {", "model: { path: texts }\nfinetune: {", "data.base_text has no effect beside model.path")]
    [InlineData("finetune: {", "tokenizer: { path: texts/a.fr, vocabulary_size: 300 }\nfinetune: {", "tokenizer.vocabulary_size has no effect beside tokenizer.path")]
    [InlineData("data:", "data:\n  packing: isolated\n  packed_length: 4096", "base.max_sequence is 2048, below data.packed_length, 4096")]
    [InlineData("test.fr }", "\"*.fr\" }", "data.test.fr: ")]
    public void What_would_show_late_or_never_is_refused(string old, string changed, string message) =>
        Assert.Contains(message, Error(Whole.Replace(old, changed)), StringComparison.Ordinal);

    [Fact]
    public void Test_files_of_different_lengths_are_refused_before_anything_is_trained()
    {
        File.WriteAllText(folder.File("texts/test.en"), "one\ntwo");
        File.WriteAllText(folder.File("texts/test.fr"), "un\n");

        Assert.Contains("data.test.fr has 1 lines and data.test.en has 2", Error(Whole), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_archives_are_looked_for_and_counted()
    {
        using (var tar = new TarWriter(File.Create(folder.File("texts/t.tar"))))
        {
            foreach (var (name, text) in new[] { ("./x/test.en", "one\ntwo\n"), ("x/test.fr", "un\ndeux") })
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        var archived = Whole.Replace("en: test.en, fr: test.fr", "en: t.tar!x/test.en, fr: t.tar!x/test.fr");
        Load(archived);
        Load(archived.Replace("t.tar!x/test.fr", "t.tar!./x/test.fr"));
        Assert.Contains("data.test.fr: ", Error(archived.Replace("x/test.fr", "x/test.de")), StringComparison.Ordinal);
        Assert.Contains("x/test.de: the archive has no member of that name", Error(archived.Replace("x/test.fr", "x/test.de")), StringComparison.Ordinal);
        Assert.Contains("data.test.fr has 0 lines and data.test.en has 2", Error(archived.Replace("t.tar!x/test.fr", "test.fr")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_file_starts_from_the_recipes_folder()
    {
        File.WriteAllText(folder.File("texts/mine.txt"), "=== instruction\n{instruction}{response}\n=== instruction and input\n{instruction} {input}{response}\n");

        Assert.Equal(folder.File("texts/mine.txt"), Load(Whole.Replace("template: alpaca", "template: texts/mine.txt")).Finetune.Template);
    }

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var error = Error(Whole.Replace("test.en,", "gone.en,").Replace("steps: 10, ", "steps: 10, warmup: 3, ").Replace("epochs: 2", "epochs: -2"));

        Assert.Equal(3, error.Split('\n').Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("- a list")]
    [InlineData("text")]
    public void What_is_no_recipe_is_refused(string yaml) => Assert.Contains("toy.yaml:", Error(yaml), StringComparison.Ordinal);

    [Fact]
    public void A_missing_recipe_is_named_with_the_one_that_was_meant()
    {
        File.WriteAllText(folder.File("toy.yaml"), Whole);

        Assert.Contains("toi.yaml: there is no such recipe. Did you mean", Assert.Throws<LlamaxException>(() => RecipeFile.Load(folder.File("toi.yaml"))).Message, StringComparison.Ordinal);
    }

    private string Error(string yaml) => Assert.Throws<LlamaxException>(() => Load(yaml)).Message;

    private Recipe Load(string yaml, params string[] overrides)
    {
        File.WriteAllText(folder.File("toy.yaml"), yaml);
        return RecipeFile.Load(folder.File("toy.yaml"), overrides);
    }
}
