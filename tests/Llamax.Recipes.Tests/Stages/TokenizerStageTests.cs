using Llamax.Recipes.Schema;
using Llamax.Recipes.Stages;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Tests.Stages;

/// <summary>What a run takes of the tokenizer that its recipe names.</summary>
public sealed class TokenizerStageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TokenizerStageTests()
    {
        Directory.CreateDirectory(folder.File("given"));
        foreach (var name in new[] { "mono.txt", "tasks.json", "test.en", "test.fr" })
        {
            File.WriteAllText(folder.File(name), "");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_taken_by_what_it_holds()
    {
        var model = Shared.Path("fixtures", "tokenizers", "llama_bpe.model");
        File.Copy(model, folder.File("any.name"));
        Assert.Equal(["tokenizer.model"], Taken("any.name"));

        TokenizerJson.Convert(model, folder.File("given/mine"));
        File.WriteAllText(folder.File("given/tokenizer_config.json"), """{ "eos_token": "</s>" }""");
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], Taken("given/mine", model));
        Assert.Equal(2, TokenizerFolder.Load(folder.File("run/tokenizer")).EosId);
    }

    [Fact]
    public void A_folder_is_taken_with_all_that_its_tokenizer_is_made_of()
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", "uni_nfkc.model"), folder.File("given/sentencepiece.bpe.model"));
        File.WriteAllText(folder.File("given/tokenizer_config.json"), """{ "tokenizer_class": "XLMRobertaTokenizer" }""");
        File.WriteAllText(folder.File("given/config.json"), "{}");
        Assert.Equal(["sentencepiece.bpe.model", "tokenizer_config.json"], Taken("given"));
        Assert.Equal(502, TokenizerFolder.Load(folder.File("run/tokenizer")).VocabularySize);

        // Its family is known by the model's configuration, which is not this run's model's.
        File.WriteAllText(folder.File("given/tokenizer_config.json"), "{}");
        File.WriteAllText(folder.File("given/config.json"), """{ "model_type": "xlm-roberta" }""");
        var error = Assert.Throws<LlamaxException>(() => Taken("given"));
        Assert.Contains("tokenizer.path", error.Message, StringComparison.Ordinal);
        Assert.Contains("as tokenizer_class in its tokenizer_config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_cannot_use_is_refused_by_its_key()
    {
        File.Copy(Shared.Path("data", "tokenizers", "gguf", "ggml-vocab-gpt-2.gguf"), folder.File("x"));
        Refused("x", "tokenizer.path: ", "is a GGUF file, which the model folders of a run cannot hold");
        Refused("given", "tokenizer.path: ", "holds no tokenizer");
        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), folder.File("given/tokenizer.json"));
        Refused("given", "tokenizer.path: ", "tokenizer.json is no SentencePiece model, by which spBLEU cuts texts. Name one as evaluate.spbleu_model");

        void Refused(string path, string key, string message)
        {
            var error = Assert.Throws<LlamaxException>(() => Taken(path)).Message;
            Assert.Contains(key, error, StringComparison.Ordinal);
            Assert.Contains(message, error, StringComparison.Ordinal);
            Assert.Single(error.Split('\n'), line => line.Contains("tokenizer.path", StringComparison.Ordinal));
        }
    }

    private IEnumerable<string> Taken(string path, string? spbleu = null)
    {
        File.WriteAllText(folder.File("toy.yaml"), $$"""
            languages: [en, fr]
            data:
              root: .
              base_text: { en: [mono.txt] }
              monolingual: { en: [mono.txt] }
              instructions: [tasks.json]
              test: { en: test.en, fr: test.fr }
            tokenizer: { path: {{path}} }
            {{(spbleu is null ? "" : $"evaluate: {{ spbleu_model: {spbleu} }}")}}
            base: { steps: 10 }
            pretrain: { steps: 10 }
            finetune: { epochs: 2 }
            """);
        var target = folder.File("run/tokenizer");
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        var stage = new TokenizerStage(new RunContext(RecipeFile.Load(folder.File("toy.yaml")), folder.File("run"), new DataBuilding()));
        Assert.All(stage.Inputs, input => Assert.True(File.Exists(input.Value)));
        stage.Run(new SilentProgress(), TestContext.Current.CancellationToken);
        Assert.Equal(stage.Outputs.Order(StringComparer.Ordinal), Directory.GetFiles(target).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        return stage.Outputs.Order(StringComparer.Ordinal);
    }

    private sealed class SilentProgress : IRunProgress
    {
        public void StageSkipped(string stage)
        {
        }

        public void StageStarted(string stage, bool resumes, string? reason)
        {
        }

        public void StageFinished(string stage, TimeSpan elapsed)
        {
        }

        public void Note(string stage, string message)
        {
        }

        public void Advanced(string stage, string part, long done, long total, string detail)
        {
        }
    }
}
