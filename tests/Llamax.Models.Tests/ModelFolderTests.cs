using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests;

public sealed class ModelFolderTests
{
    [Theory]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("llama_tied")]
    public void A_loaded_model_is_saved_as_the_same_bytes(string name)
    {
        var original = Shared.Path("fixtures", name);
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(original);
        ModelFolder.Save(model, folder.Path);
        Assert.Equal(File.ReadAllBytes(Path.Combine(original, "model.safetensors")), File.ReadAllBytes(folder.File("model.safetensors")));
        Assert.Equivalent(ConfigFile.Read(original), ConfigFile.Read(folder.Path));
    }

    [Fact]
    public void Shards_hold_the_same_weights_and_leave_no_stale_files()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = TestModels.Small(keyValueHeads: 2, bias: true);
        ModelFolder.Save(model, folder.Path);
        ModelFolder.Save(model, folder.Path, maximalShardBytes: 8000);
        Assert.False(File.Exists(folder.File("model.safetensors")));
        Assert.True(Directory.GetFiles(folder.Path, "model-*.safetensors").Length > 2);
        using (var again = ModelFolder.Load(folder.Path))
        {
            Assert.All(model.Weights().Zip(again.Weights()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));
        }

        ModelFolder.Save(model, folder.Path);
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("../model-1.safetensors", "not the name of a file in this folder")]
    [InlineData("absent.safetensors", "absent.safetensors")]
    public void An_index_cannot_lead_elsewhere(string shard, string expected)
    {
        using var folder = new TemporaryFolder();
        using var model = TestModels.Small(keyValueHeads: 2);
        ModelFolder.Save(model, folder.Path);
        File.Delete(folder.File("model.safetensors"));
        File.WriteAllText(folder.File("model.safetensors.index.json"), """{"weight_map":{"model.norm.weight":"SHARD"}}""".Replace("SHARD", shard));
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => ModelFolder.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_missing_weight_and_a_wrong_shape_are_named()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = TestModels.Small(keyValueHeads: 2);
        ModelFolder.Save(model, folder.Path);
        SafetensorsWriter.Write(folder.File("model.safetensors"), model.Weights().Where(weight => weight.Name != "model.norm.weight"));
        Assert.Contains("'model.norm.weight' is missing", Assert.Throws<LlamaxException>(() => ModelFolder.Load(folder.Path)).Message);
        Assert.Contains("'model.norm.weight' is missing", Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path)).Message);

        SafetensorsWriter.Write(folder.File("model.safetensors"),
            model.Weights().Select(weight => weight.Name == "model.norm.weight" ? (weight.Name, zeros(33)) : weight));
        Assert.Contains("shape [33], expected is [32]", Assert.Throws<LlamaxException>(() => ModelFolder.Load(folder.Path)).Message);

        SafetensorsWriter.Write(folder.File("model.safetensors"),
            model.Weights().Select(weight => weight.Name == "model.norm.weight" ? (weight.Name, ones(32, int8)) : weight));
        Assert.Contains("quantized", Assert.Throws<LlamaxException>(() => ModelFolder.Load(folder.Path)).Message);
        Assert.Contains("quantized", Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path)).Message);
    }

    [Theory]
    [InlineData("\"vocab_size\": 50", "\"vocab_size\": 2147483647", "shape")]
    [InlineData("\"intermediate_size\": 44", "\"intermediate_size\": 4194304", "shape")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "missing")]
    [InlineData("\"head_dim\": 8", "\"head_dim\": 65536", "shape")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 100000, \"head_dim\": 65536, \"x\": 0", "wide together")]
    public void A_configuration_that_asks_for_more_than_the_file_holds_takes_no_memory(string old, string changed, string expected)
    {
        using var folder = new TemporaryFolder();
        using var model = TestModels.Small(keyValueHeads: 2);
        ModelFolder.Save(model, folder.Path);
        var text = File.ReadAllText(folder.File("config.json"));
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(folder.File("config.json"), old.StartsWith("\"num_attention", StringComparison.Ordinal)
            ? text.Replace("\"head_dim\": 8,", "", StringComparison.Ordinal).Replace(old, changed, StringComparison.Ordinal)
            : text.Replace(old, changed, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => ModelFolder.Load(folder.Path)).Message);
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path)).Message);
    }

    [Fact]
    public void Half_precision_is_kept_unless_another_type_is_wanted()
    {
        using var folder = new TemporaryFolder();
        using var half = new CausalLanguageModel(TestModels.Config(2), ScalarType.BFloat16);
        half.InitializeWeights(new RandomStream(1, "half"));
        ModelFolder.Save(half, folder.Path);
        using var same = ModelFolder.Load(folder.Path);
        using var wide = ModelFolder.Load(folder.Path, ScalarType.Float32);
        Assert.Equal((ScalarType.BFloat16, ScalarType.Float32), (same.Type, wide.Type));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (ids, positions) = (arange(6).view(1, 6), arange(6).view(1, 6));
        var difference = same.Hidden(ids, positions, new Models.Attention.CausalAttention()).to_type(ScalarType.Float32)
            - wide.Hidden(ids, positions, new Models.Attention.CausalAttention());
        Assert.InRange(difference.abs().max().item<float>(), 0, 0.1f);
    }

    [Fact]
    public void The_summary_counts_what_is_stored()
    {
        using var folder = new TemporaryFolder();
        foreach (var (tied, bias) in new[] { (true, false), (false, true) })
        {
            using var scope = NewDisposeScope();
            using var model = TestModels.Small(keyValueHeads: 2, tied, bias);
            ModelFolder.Save(model, folder.Path);
            var summary = ModelSummary.Read(folder.Path);
            Assert.Equal(model.parameters().Sum(parameter => parameter.NumberOfElements), summary.Parameters);
            Assert.Equal(4 * summary.Parameters, summary.StoredBytes["float32"]);
            Assert.Equal(2 * 2 * 2 * 8 * 4, summary.CacheBytesPerToken["float32"]);
        }
    }

    [Fact]
    public void Fresh_weights_depend_on_the_stream_alone()
    {
        using var scope = NewDisposeScope();
        using var first = TestModels.Small(keyValueHeads: 2);
        using var second = TestModels.Small(keyValueHeads: 2);
        Assert.All(first.Weights().Zip(second.Weights()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));
        var weights = first.Weights().ToDictionary(weight => weight.Name, weight => weight.Value, StringComparer.Ordinal);
        Assert.Equal(0.2, weights["model.embed_tokens.weight"].std().item<float>(), 0.01);
        Assert.Equal(0.1, weights["model.layers.1.mlp.down_proj.weight"].std().item<float>(), 0.01);
        Assert.True(weights["model.norm.weight"].eq(1).all().item<bool>());
    }

    [Fact]
    public void A_tokenizer_larger_than_the_embedding_is_refused()
    {
        var tokenizer = TokenizerFolder.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));
        var config = TestModels.Config(2);
        Assert.Contains("embedding only 50 rows", Assert.Throws<LlamaxException>(() => ModelFolder.CheckTokenizer(config, tokenizer)).Message);
        ModelFolder.CheckTokenizer(config with { VocabularySize = tokenizer.VocabularySize }, tokenizer);
    }
}
