using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Testing.Pickles;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Checkpoints;

public sealed class UnplacedTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> told = [];

    public static TheoryData<string> Fixtures { get; } = new(
        "llama2", "llama3", "llama31", "llama_tied", "qwen2", "qwen2_tied", "cohere", "gpt2", "m2m100", "t5_v10", "t5_v11", "xlmr",
        "alt_formats/gpt2_fp16_sharded_bin", "alt_formats/llama2_bf16_sharded", "alt_formats/llama2_legacy_bin", "alt_formats/m2m100_bin", "alt_formats/t5_v11_bf16_bin");

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_model_has_a_place_for_all_its_tensors(string fixture)
    {
        Load(Shared.Path("fixtures", fixture));
        Assert.Empty(told);
        var summary = ModelSummary.Read(Shared.Path("fixtures", fixture));
        Assert.Empty(summary.Unused);
        Assert.Null(summary.UnusedNote);
    }

    [Theory]
    [InlineData("llama2", "num_hidden_layers", "model.layers.1.input_layernorm.weight' [64]", "and 6 more")]
    [InlineData("alt_formats/llama2_legacy_bin", "num_hidden_layers", "model.layers.1.", "and 6 more")]
    [InlineData("alt_formats/llama2_bf16_sharded", "num_hidden_layers", "model.layers.1.", "and 6 more")]
    [InlineData("gpt2", "n_layer", "transformer.h.1.attn.c_attn.bias' [192]", "more")]
    [InlineData("m2m100", "encoder_layers", "model.encoder.layers.1.", "more")]
    [InlineData("m2m100", "decoder_layers", "model.decoder.layers.1.", "more")]
    [InlineData("t5_v11", "num_decoder_layers", "decoder.block.1.", "more")]
    [InlineData("xlmr", "num_hidden_layers", "encoder.layer.1.", "more")]
    public void Layers_beyond_the_configured_number_are_an_error(string fixture, string key, string name, string more)
    {
        Copy(fixture);
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        var layers = (int)config[key]!;
        config[key] = 1;
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        var message = Assert.Throws<LlamaxException>(() => Load(folder.Path)).Message;
        Assert.StartsWith($"{folder.File("config.json")}: {key} is 1, but the weights have {layers} such layers: there is no place for '", message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(more, message, StringComparison.Ordinal);
        Assert.Contains($"Set {key} to {layers}", message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path)).Message);
    }

    [Theory]
    [InlineData("llama2", "model.layers.0.self_attn.rotary_emb.inv_freq")]
    [InlineData("qwen2", "layers.1.self_attn.rotary_emb.inv_freq")]
    [InlineData("llama_tied", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("gpt2", "transformer.h.0.attn.bias")]
    [InlineData("gpt2", "h.1.attn.masked_bias")]
    [InlineData("gpt2", "lm_head.weight", "transformer.wte.weight")]
    [InlineData("m2m100", "model.encoder.embed_positions.weights")]
    [InlineData("m2m100", "final_logits_bias")]
    [InlineData("m2m100", "encoder.version")]
    [InlineData("m2m100", "model.decoder.embed_tokens.weight", "model.shared.weight")]
    [InlineData("t5_v10", "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight")]
    [InlineData("t5_v10", "lm_head.weight", "shared.weight")]
    [InlineData("xlmr", "embeddings.position_ids")]
    [InlineData("xlmr", "roberta.embeddings.position_ids")]
    [InlineData("xlmr", "lm_head.dense.weight")]
    public void Buffers_and_copies_need_no_word(string fixture, string name, string? original = null)
    {
        Add(fixture, name, original, weight => weight);
        Load(folder.Path);
        Assert.Empty(told);
        Assert.Empty(ModelSummary.Read(folder.Path).Unused);
    }

    [Theory]
    [InlineData("llama2", "model.layers.1.self_attn.q_norm.weight")]
    [InlineData("llama2", "model.layers.0.self_attn.q_proj.bias")]
    [InlineData("gpt2", "attn_bias")]
    [InlineData("m2m100", "model.encoder.layernorm_embedding.weight")]
    [InlineData("xlmr", "classifier.out_proj.weight")]
    public void Other_tensors_are_named_once_and_the_model_is_used_without_them(string fixture, string name)
    {
        Add(fixture, name, null, weight => weight);
        Load(folder.Path);
        Assert.Equal(
            $"{folder.Path}: the network has no place for '{name}' [3, 2], which is not used. If the model needs them, its config.json is not the one that it was made with.",
            Assert.Single(told));
        var summary = ModelSummary.Read(folder.Path);
        Assert.Equal(told[0], summary.UnusedNote);
        Assert.Equal((name, 3L, 2L), (Assert.Single(summary.Unused).Name, summary.Unused[0].Shape[0], summary.Unused[0].Shape[1]));
    }

    [Theory]
    [InlineData("llama_tied", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("cohere", "model.lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("t5_v10", "lm_head.weight", "shared.weight")]
    [InlineData("m2m100", "lm_head.weight", "model.shared.weight")]
    public void An_output_that_differs_from_the_embedding_it_is_said_to_be_is_named(string fixture, string name, string embedding)
    {
        Add(fixture, name, embedding, weight => weight + 1);
        Load(folder.Path);
        Assert.Contains($"'{name}' differs from the embedding, which config.json says the output is", Assert.Single(told), StringComparison.Ordinal);
        Assert.Contains("set tie_word_embeddings to false", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickled_checkpoint_is_looked_at_too()
    {
        Copy("alt_formats/llama2_legacy_bin");
        var pickle = PickleBytes.Start().Op('}').Op('(').Text("lm_head.extra").Tensor("FloatStorage", "0", 4, 0, [2, 2], [2, 1]).Op('u');
        var bytes = ZipBytes.Checkpoint(pickle.Done(), ("0", new byte[16]));
        File.WriteAllBytes(folder.File("more.bin"), bytes);
        using (var file = TensorFiles.Open(folder.File("pytorch_model.bin")))
        {
            var map = new JsonObject(file.Tensors.Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)"first.bin")).Append(KeyValuePair.Create("lm_head.extra", (JsonNode?)"more.bin")));
            File.WriteAllText(folder.File("pytorch_model.bin.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        }

        File.Move(folder.File("pytorch_model.bin"), folder.File("first.bin"));
        Load(folder.Path);
        Assert.Contains("no place for 'lm_head.extra' [2, 2]", Assert.Single(told), StringComparison.Ordinal);
    }

    private void Load(string path)
    {
        switch (ConfigFile.KindOf(path))
        {
            case ModelKind.Decoder:
                ModelFolder.Load(path, note: told.Add).Dispose();
                break;
            case ModelKind.Encoder:
                ModelFolder.LoadEncoder(path, note: told.Add).Dispose();
                break;
            default:
                ModelFolder.LoadSequenceToSequence(path, note: told.Add).Dispose();
                break;
        }
    }

    private void Copy(string fixture)
    {
        foreach (var file in Directory.EnumerateFiles(Shared.Path("fixtures", fixture)))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }
    }

    /// <summary>A fixture with one more tensor, made of another or of nothing.</summary>
    private void Add(string fixture, string name, string? original, Func<Tensor, Tensor> change)
    {
        using var scope = NewDisposeScope();
        using var file = TensorFiles.Open(Shared.Path("fixtures", fixture, "model.safetensors"));
        SafetensorsWriter.Write(
            folder.File("model.safetensors"),
            [.. file.Tensors.Select(entry => (entry.Name, file.Read(entry.Name))), (name, change(original is null ? zeros(3, 2) : file.Read(original)))]);
        File.Copy(Shared.Path("fixtures", fixture, "config.json"), folder.File("config.json"));
    }
}
