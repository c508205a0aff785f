using Llamax.Models.Checkpoints;
using Llamax.Models.Families;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using static TorchSharp.torch;

namespace Llamax.Models.Tests;

public sealed class FamilyTests
{
    [Theory]
    [InlineData("gpt2", "", "transformer.")] // The class without a head leaves the prefix out.
    [InlineData("qwen2", "", "model.")]
    [InlineData("m2m100", "", "model.")]
    [InlineData("xlmr", "roberta.", "")]
    public void Weights_are_found_with_and_without_the_prefix_of_their_class(string model, string added, string removed)
    {
        using var folder = Copy(model, name => added + (name.StartsWith(removed, StringComparison.Ordinal) ? name[removed.Length..] : name));
        Assert.Equal(ModelSummary.Read(Shared.Path("fixtures", model)).Parameters, ModelSummary.Read(folder.Path).Parameters);
    }

    [Theory]
    [InlineData("m2m100", "model.shared.weight", "model.decoder.embed_tokens.weight")]
    [InlineData("m2m100", "model.shared.weight", "lm_head.weight")]
    [InlineData("t5_v10", "shared.weight", "encoder.embed_tokens.weight")]
    public void A_shared_embedding_is_found_under_any_of_its_names(string model, string name, string other)
    {
        using var folder = Copy(model, stored => stored == name ? other : stored);
        using var scope = NewDisposeScope();
        using var loaded = ModelFolder.LoadSequenceToSequence(folder.Path);
        using var original = TensorFiles.Open(Shared.Path("fixtures", model, "model.safetensors"));
        Assert.True(loaded.Weights().First().Value.eq(original.Read(name)).all().item<bool>());
    }

    [Theory]
    [InlineData("qwen2_tied", "model.embed_tokens.weight", true)]
    [InlineData("gpt2", "transformer.wte.weight", true)]
    [InlineData("qwen2", "model.embed_tokens.weight", false)] // Its output is a weight of its own and stands for nothing else.
    public void A_tied_embedding_is_found_under_the_outputs_name(string model, string name, bool tied)
    {
        using var folder = Copy(model, stored => stored != name ? stored : tied ? "lm_head.weight" : "elsewhere");
        var error = Record.Exception(() => ModelFolder.Load(folder.Path).Dispose());
        Assert.Equal(tied ? null : $"{folder.Path}: the weight '{name}' is missing.", error?.Message);
    }

    [Fact]
    public void The_list_of_models_in_the_documents_is_that_of_the_families()
    {
        var rows = File.ReadLines(Path.Combine(Shared.Repository, "docs", "models.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        Assert.Equal(FamilyList.All.Select(family => family.Name), rows.Select(row => row[0].Trim('`')));
        foreach (var (family, row) in FamilyList.All.Zip(rows))
        {
            Assert.Equal(family.Models, row[1]);
            Assert.Equal(family switch { DecoderFamily => "decoder", EncoderFamily => "encoder", _ => "encoder-decoder" }, row[2]);
            Assert.Equal(family is EncoderFamily ? "" : family.Template is { } template ? $"`{template}`" : "language tokens", row[3]);
            Assert.Equal(family.Tested, row[4] != "no");
        }
    }

    [Fact]
    public void A_weight_of_another_shape_is_named_with_both_shapes()
    {
        using var folder = Copy("t5_v11", name => name);
        File.WriteAllText(folder.File("config.json"), File.ReadAllText(folder.File("config.json")).Replace("\"d_kv\": 24", "\"d_kv\": 16", StringComparison.Ordinal));
        var message = Assert.Throws<LlamaxException>(() => ModelFolder.LoadSequenceToSequence(folder.Path)).Message;
        Assert.Contains("'encoder.block.0.layer.0.SelfAttention.q.weight' has shape [96, 64], expected is [64, 64]", message);
    }

    [Fact]
    public void An_untested_family_says_so()
    {
        using var folder = Copy("llama2", name => name);
        File.WriteAllText(folder.File("config.json"), File.ReadAllText(folder.File("config.json")).Replace("\"model_type\": \"llama\"", "\"model_type\": \"yayi\"", StringComparison.Ordinal));
        Assert.False(ModelSummary.Read(folder.Path).Tested);
    }

    [Fact]
    public void A_transposed_matrix_comes_back_as_it_was_stored()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = ModelFolder.Load(Shared.Path("fixtures", "gpt2"));
        ModelFolder.Save(model, folder.Path);
        using var original = TensorFiles.Open(Shared.Path("fixtures", "gpt2", "model.safetensors"));
        using var saved = TensorFiles.Open(folder.File("model.safetensors"));
        Assert.Equal(original.Tensors.Count, saved.Tensors.Count);
        Assert.All(original.Tensors, entry => Assert.True(original.Read(entry.Name).eq(saved.Read(entry.Name)).all().item<bool>(), entry.Name));
    }

    private static TemporaryFolder Copy(string model, Func<string, string> rename)
    {
        var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var file = TensorFiles.Open(Shared.Path("fixtures", model, "model.safetensors"));
        SafetensorsWriter.Write(folder.File("model.safetensors"), file.Tensors.Select(entry => (rename(entry.Name), file.Read(entry.Name))).ToList());
        File.Copy(Shared.Path("fixtures", model, "config.json"), folder.File("config.json"));
        return folder;
    }
}
