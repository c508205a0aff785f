using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Prompts;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class TranslatorTests
{
    private static readonly TranslationOptions Options = new() { Generation = new GenerationOptions { MaxNewTokens = 8 } };

    [Fact]
    public async Task Each_text_gets_its_own_translation_in_its_place()
    {
        using var translator = Tiny();
        string[] texts = ["The house is old.", "", "Tea", "12:30 – 14,5 %", "Water and bread and milk and salt.", "  "];
        var all = await translator.TranslateAsync(texts, "en", "fr", Options);
        Assert.Equal(texts, all.Select(text => text.Source));
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(Assert.Single(await translator.TranslateAsync([texts[i]], "en", "fr", Options)).Text, all[i].Text);
        }

        Assert.Equal(["", "12:30 – 14,5 %", "  "], new[] { all[1].Text, all[3].Text, all[5].Text });
        Assert.All(new[] { 0, 2, 4 }, i => Assert.InRange(all[i].Hypotheses[0].Tokens, 1, 8));
        Assert.All(all, text => Assert.DoesNotContain('\n', text.Text));
        Assert.NotEqual(all[0].Text, all[4].Text);
    }

    [Fact]
    public async Task Translation_is_what_the_search_gives_for_the_prompt()
    {
        var (model, tokenizer) = (Model(), Tokenizer());
        var prompt = PromptEncoder.Encode(
            PromptTemplate.Find("alpaca"), "Translate the following sentences from English to French.", "Tea is hot.", tokenizer);
        var best = new BeamSearch(model).Generate([prompt], Options.Generation)[0][0];
        using var translator = new Translator(model, tokenizer);
        var found = (await translator.TranslateAsync(["Tea is hot."], "en", "fr", Options))[0].Hypotheses[0];
        Assert.Equal(tokenizer.Decode([.. best.Ids]).ReplaceLineEndings(" ").Trim(), found.Text);
        Assert.Equal(best.Score, found.Score);
    }

    [Fact]
    public async Task Pivot_translates_the_translation()
    {
        using var translator = Tiny();
        var english = (await translator.TranslateAsync(["Le thé est chaud."], "fr", "en", Options))[0].Text;
        var direct = (await translator.TranslateAsync([english], "en", "zh", Options))[0].Text;
        var through = (await translator.TranslateAsync(["Le thé est chaud."], "fr", "zh", Options with { Via = "en" }))[0];
        Assert.Equal(("Le thé est chaud.", english, direct), (through.Source, through.Pivot, through.Text));
    }

    [Theory]
    [InlineData("xx-nope", "fr", null, "xx-nope")]
    [InlineData("en", "en", null, "same language")]
    [InlineData("en", "fr", "fr", "same language")]
    public async Task Languages_are_checked(string from, string to, string? via, string message)
    {
        using var translator = Tiny();
        var error = await Assert.ThrowsAsync<LlamaxException>(() => translator.TranslateAsync(["a"], from, to, Options with { Via = via }));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task A_text_too_long_is_named_by_its_line()
    {
        using var translator = Tiny();
        var error = await Assert.ThrowsAsync<LlamaxException>(() => translator.TranslateAsync(
            ["short", string.Concat(Enumerable.Repeat("word ", 600))], "en", "fr", Options, firstNumber: 41));
        Assert.StartsWith("Line 42 has ", error.Message);
    }

    [Fact]
    public void Folder_without_tokenizer_and_tokenizer_too_large_are_errors()
    {
        Assert.Contains("tokenizer", Assert.Throws<LlamaxException>(() => Translator.Load(Shared.Path("fixtures", "llama2"))).Message);
        using var small = Model(vocabulary: 20);
        Assert.Contains("embedding", Assert.Throws<LlamaxException>(() => new Translator(small, Tokenizer())).Message);
    }

    private static Translator Tiny() => new(Model(), Tokenizer());

    private static Tokenizer Tokenizer() => TokenizerFolder.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));

    private static CausalLanguageModel Model(int? vocabulary = null)
    {
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(vocabulary ?? Tokenizer().VocabularySize));
        model.InitializeWeights(new RandomStream(7, "weights"));
        return model;
    }
}
