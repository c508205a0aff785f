using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Translating;

public sealed class EncoderDecoderModelTests : IDisposable
{
    private static readonly TranslationOptions Options = new() { Generation = new GenerationOptions { MaxNewTokens = 8 } };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nllb_is_told_the_languages_by_tokens_whatever_texts_share_the_batch()
    {
        MakeModel("m2m100", "model.shared.weight", "uni_nfkc.model", "sentencepiece.bpe.model", "NllbTokenizer");
        using var translator = Translator.Load(folder.Path);
        var tokenizer = translator.Model.Tokenizer;
        var prompt = translator.Model.Encode("Tea is hot.", Language("en"), Language("fr"));
        Assert.Equal(tokenizer.PieceToId("fra_Latn"), prompt.ForcedFirst);
        Assert.Equal((tokenizer.PieceToId("eng_Latn"), tokenizer.EosId), (prompt.Source![0], prompt.Source[^1]));

        string[] texts = ["Tea is hot.", "Water and bread and milk and salt stand on the table.", "A"];
        var all = await translator.TranslateAsync(texts, "en", "fr", Options);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal((await translator.TranslateAsync(texts[i], "en", "fr", Options)).Text, all[i].Text);
            Assert.DoesNotContain("fra_Latn", all[i].Text);
        }

        Assert.NotEqual(all[1].Text, (await translator.TranslateAsync(texts[1], "en", "zh", Options)).Text);
        Assert.NotEmpty((await translator.TranslateAsync(texts[1], "fr", "zh", Options with { Via = "en" })).Pivot!);
    }

    [Fact]
    public async Task A_language_without_a_token_is_named()
    {
        MakeModel("m2m100", "model.shared.weight", "uni_nfkc.model", "sentencepiece.bpe.model", "NllbTokenizer");
        using var translator = Translator.Load(folder.Path);
        var unknown = LanguageRegistry.Default.All.First(language => Record.Exception(() => translator.Model.Tokenizer.LanguageId(language.Code)) is not null);
        var error = await Assert.ThrowsAsync<LlamaxException>(() => translator.TranslateAsync("Tea", "en", unknown.Code, Options));
        Assert.Contains($"has no token for the language '{unknown.Code}'", error.Message);
    }

    [Fact]
    public void A_template_for_a_model_that_reads_no_prompt_is_refused()
    {
        MakeModel("m2m100", "model.shared.weight", "uni_nfkc.model", "sentencepiece.bpe.model", "NllbTokenizer");
        var message = Assert.Throws<LlamaxException>(() => Translator.Load(folder.Path, PromptTemplate.Find("alpaca")).Dispose()).Message;
        Assert.Contains("told by tokens which language it reads", message);
        Assert.Contains("'alpaca'", message);
        Assert.Contains("leave the template out (--template)", message);
    }

    [Fact]
    public async Task T5_is_asked_by_its_template()
    {
        MakeModel("t5_v11", "shared.weight", "t5_uni.model", "spiece.model", "T5Tokenizer");
        using var translator = Translator.Load(folder.Path, PromptTemplate.Find("aya-101"));
        Assert.NotEmpty((await translator.TranslateAsync("Tea is hot.", "en", "fr", Options)).Hypotheses);
        using var madlad = Translator.Load(folder.Path); // The family's own template asks with a token that this vocabulary lacks.
        Assert.Contains("'<2fr>'", (await Assert.ThrowsAsync<LlamaxException>(() => madlad.TranslateAsync("Tea is hot.", "en", "fr", Options))).Message);
    }

    [Theory]
    [InlineData("m2m100", "model.shared.weight", "uni_nfkc.model", "sentencepiece.bpe.model", "NllbTokenizer")]
    [InlineData("t5_v11", "shared.weight", "t5_uni.model", "spiece.model", "T5Tokenizer")]
    public async Task Translations_are_drawn_where_that_is_asked(string fixture, string embedding, string vocabulary, string file, string tokenizerClass)
    {
        MakeModel(fixture, embedding, vocabulary, file, tokenizerClass);
        using var translator = Translator.Load(folder.Path, fixture[0] == 't' ? PromptTemplate.Find("aya-101") : null);
        string[] texts = ["Tea is hot.", "Water and bread and milk stand on the table.", "A"];
        var greedy = await Translate(null);
        Assert.Equal(greedy, await Translate(new SamplingOptions { TopK = 1 }));
        var drawn = await Translate(new SamplingOptions { Seed = 1 });
        Assert.NotEqual(greedy, drawn);
        Assert.Equal(drawn, await Translate(new SamplingOptions { Seed = 1 }));
        Assert.NotEqual(drawn, await Translate(new SamplingOptions { Seed = 2 }));
        Assert.Equal(drawn[1], (await translator.TranslateAsync(texts[1], "en", "fr", Drawing(new SamplingOptions { Seed = 1 }))).Text);

        async Task<string[]> Translate(SamplingOptions? sampling) =>
            [.. (await translator.TranslateAsync(texts, "en", "fr", Drawing(sampling))).Select(text => text.Text)];

        static TranslationOptions Drawing(SamplingOptions? sampling) =>
            Options with { LoopNgram = 0, Generation = Options.Generation with { Beams = 1, Sampling = sampling } };
    }

    [Fact]
    public void Encoder_decoder_models_answer_prompts_too()
    {
        MakeModel("t5_v11", "shared.weight", "t5_uni.model", "spiece.model", "T5Tokenizer");
        using (var model = TextModel.Load(folder.Path))
        {
            var prompt = model.Encode("Tea is hot.");
            Assert.Equal([.. model.Tokenizer.Encode("Tea is hot."), model.Tokenizer.EosId!.Value], prompt.Source!);
            var options = new GenerationOptions { Beams = 1, MaxNewTokens = 8, Sampling = new SamplingOptions() };
            var told = new List<int>();
            var drawn = model.Search(written: (_, token) => told.Add(token)).Generate([prompt], options)[0][0];
            Assert.Equal(drawn.Ids, told);
            Assert.NotEqual(drawn.Ids, model.Search().Generate([prompt], options with { Sampling = null })[0][0].Ids);
        }

        File.Delete(folder.File("spiece.model"));
        MakeModel("m2m100", "model.shared.weight", "uni_nfkc.model", "sentencepiece.bpe.model", "NllbTokenizer");
        Assert.Contains("llamax translate", Assert.Throws<LlamaxException>(() => TextModel.Load(folder.Path)).Message);
    }

    private static Language Language(string code) => LanguageRegistry.Default.Get(code);

    /// <summary>The fixture's layers under an embedding of the tokenizer's size.</summary>
    private void MakeModel(string fixture, string embedding, string vocabulary, string file, string tokenizerClass)
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", vocabulary), folder.File(file));
        File.WriteAllText(folder.File("tokenizer_config.json"), $$"""{"tokenizer_class":"{{tokenizerClass}}"}""");
        var config = JsonNode.Parse(File.ReadAllText(Shared.Path("fixtures", fixture, "config.json")))!;
        config["vocab_size"] = 1; // Until it is known.
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        var size = TokenizerFolder.Load(folder.Path).VocabularySize;
        config["vocab_size"] = size;
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());

        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var weights = TensorFiles.Open(Shared.Path("fixtures", fixture, "model.safetensors"));
        SafetensorsWriter.Write(folder.File("model.safetensors"), weights.Tensors.Select(entry => (entry.Name,
            entry.Name == embedding || entry.Name == "lm_head.weight" ? randn([size, entry.Shape[1]]) * 0.2 : weights.Read(entry.Name))).ToList());
    }
}
