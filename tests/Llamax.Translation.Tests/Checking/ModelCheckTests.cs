using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Translation.Checking;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Checking;

public class ModelCheckTests
{
    public static MatrixTheoryData<string, int> Cases { get; } = new(
        [
            "llama2", "llama3", "llama31", "llama_tied", "qwen2", "qwen2_tied", "cohere", "gpt2", "m2m100", "t5_v10", "t5_v11",
            "alt_formats/llama2_bf16_sharded",
        ],
        [1, 14, 4096]);

    [Fact]
    public void An_encoder_computes_what_the_original_computed() =>
        Assert.All(ModelCheck.Run(Shared.Path("fixtures", "xlmr")).Results, result => Assert.True(result.Passed, $"{result.Name}: {result.Difference} {result.Detail}"));

    /// <summary>A budget of 1 puts each text into a batch of its own, 14 splits the texts oddly, 4096 takes them together.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_models_compute_what_the_original_computed(string model, int batchTokens)
    {
        var results = ModelCheck.Run(Shared.Path("fixtures", model), batchTokens: batchTokens).Results;
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Name}: {result.Difference} {result.Detail}"));
        Assert.All(results, result => Assert.True(result.Difference is null or <= 1e-4, $"{result.Name}: {result.Difference}"));
    }

    [Theory]
    [InlineData("llama2", ScalarType.BFloat16)]
    [InlineData("llama31", ScalarType.Float16)]
    [InlineData("qwen2", ScalarType.BFloat16)]
    [InlineData("cohere", ScalarType.BFloat16)]
    [InlineData("m2m100", ScalarType.BFloat16)]
    [InlineData("m2m100", ScalarType.Float16)]
    [InlineData("t5_v11", ScalarType.BFloat16)]
    [InlineData("xlmr", ScalarType.Float16)]
    public void In_shorter_types_the_numbers_are_near_and_not_the_same(string model, ScalarType type)
    {
        var results = ModelCheck.Run(Shared.Path("fixtures", model), type, CPU).Results;
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Name}: {result.Difference} {result.Detail}"));
        Assert.All(results, result => Assert.StartsWith("forward.", result.Name));
        Assert.Contains(results, result => result.Difference > ModelCheck.Tolerance(ScalarType.Float32));
    }

    [Theory]
    [InlineData("model.embed_tokens.weight")]
    [InlineData("model.layers.1.mlp.down_proj.weight")]
    [InlineData("lm_head.weight")]
    public void One_tampered_weight_is_found(string name)
    {
        using var folder = Copy("llama2");
        using (var file = SafetensorsFile.Open(folder.File("model.safetensors")))
        {
            var weights = file.Tensors.Select(entry => (entry.Name, file.Read(entry.Name))).ToList();
            weights.Single(weight => weight.Name == name).Item2.view(-1)[64] += 8;
            SafetensorsWriter.Write(folder.File("tampered"), weights);
        }

        File.Move(folder.File("tampered"), folder.File("model.safetensors"), overwrite: true);
        Assert.Contains(ModelCheck.Run(folder.Path).Results, result => !result.Passed && result.Detail.Length > 0);
        Assert.Contains(ModelCheck.Run(folder.Path, ScalarType.BFloat16).Results, result => !result.Passed);
    }

    [Fact]
    public void Folder_without_references_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("there is no expected.json", Assert.Throws<LlamaxException>(() => ModelCheck.Run(folder.Path)).Message);
    }

    [Fact]
    public void What_has_no_reference_is_said()
    {
        const string States = "hidden_states of long, right: not in expected.safetensors";
        Assert.Equal([States], ModelCheck.Run(Shared.Path("fixtures", "llama2")).NotCompared);
        Assert.Equal([States, "outputs of searches: they are compared in float32 only"], ModelCheck.Run(Shared.Path("fixtures", "llama2"), ScalarType.BFloat16).NotCompared);
        Assert.Equal(["hidden_states of single: not in expected.safetensors"], ModelCheck.Run(Shared.Path("fixtures", "alt_formats/llama2_legacy_bin")).NotCompared);

        using var folder = Copy("llama2");
        SafetensorsWriter.Write(folder.File("expected.safetensors"), [("other.logits", zeros(1)), ("single.states", zeros(1))]);
        Assert.Equal(
            [
                "logits of single, long, left, right: not in expected.safetensors",
                "hidden_states of single, long, left, right: not in expected.safetensors",
                "other.logits, single.states of expected.safetensors: expected.json has no such case, or the model computes no such tensor",
            ],
            ModelCheck.Run(folder.Path).NotCompared);

        File.Delete(folder.File("expected.safetensors"));
        var report = ModelCheck.Run(folder.Path);
        Assert.Equal(["logits and states of single, long, left, right: there is no expected.safetensors"], report.NotCompared);
        Assert.DoesNotContain(report.Results, result => result.Name.EndsWith(".logits", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_can_be_compared_it_is_said_what_to_make()
    {
        using var folder = Copy("llama2");
        File.Delete(folder.File("expected.safetensors"));
        File.WriteAllText(folder.File("expected.json"), """{"forward": {"a": {"input_ids": [[1, 2]]}}}""");
        var message = Assert.Throws<LlamaxException>(() => ModelCheck.Run(folder.Path)).Message;
        Assert.Contains("nothing could be compared (logits and states of a: there is no expected.safetensors; outputs of searches: expected.json has no case in 'generate')", message);
        Assert.Contains("docs/model-check.md", message);
        Assert.True(File.Exists(Path.Combine(Shared.Repository, "docs", "model-check.md")));
    }

    [Fact]
    public void A_greedy_reference_may_say_what_it_does_not_use()
    {
        using var folder = Copy("llama2");
        var expected = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.File("expected.json")))!;
        var arguments = expected["generate"]!["single/greedy"]!["kwargs"]!;
        (arguments["length_penalty"], arguments["early_stopping"]) = (2.0, true);
        File.WriteAllText(folder.File("expected.json"), expected.ToJsonString());
        Assert.All(ModelCheck.Run(folder.Path).Results, result => Assert.True(result.Passed, result.Name));
    }

    [Theory]
    [InlineData("{\"forward\": 3}", "$.forward")]
    [InlineData("{}", "nothing could be compared")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[1], [1, 2]]}}}", "input_ids does not have the shape [2, 1]")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[900]]}}}", "outside the model's vocabulary")]
    [InlineData("{\"generate\": {\"a/b\": {\"kwargs\": {}, \"sequences\": [[1]]}}}", "no input 'a'")]
    [InlineData("null", "a JSON object was expected")]
    [InlineData("{\"forward\": null}", "forward")]
    [InlineData("{\"forward\": {\"a\": null}}", "a is null")]
    [InlineData("{\"generate_inputs\": {\"a\": null}}", "a is null")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": null}}}", "input_ids")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [null]}}}", "input_ids is empty")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[1], null]}}}", "input_ids does not have the shape")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[1]], \"attention_mask\": [null]}}}", "attention_mask does not have the shape")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[1, 2]], \"labels\": [[1, 900]], \"loss\": 1}}}", "a label is neither -100")]
    [InlineData("{\"forward\": {\"a\": {\"input_ids\": [[1, 2]], \"decoder_input_ids\": []}}}", "decoder_input_ids does not have the shape [1, 2]")]
    [InlineData("{\"generate\": {\"a/b\": null}}", "generate.a/b is null")]
    [InlineData("{\"generate\": {\"a/b\": {\"kwargs\": null, \"sequences\": [[1]]}}}", "kwargs")]
    [InlineData("{\"generate\": {\"a/b\": {\"kwargs\": {}, \"sequences\": [null]}}}", "a row of sequences is null")]
    [InlineData("{\"generate\": {\"a/b\": {\"kwargs\": {\"top_k\": 1}, \"sequences\": [[1]]}}}", "top_k")]
    public void Broken_references_are_named(string json, string message)
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Shared.Path("fixtures", "llama2", name), folder.File(name));
        }

        File.WriteAllText(folder.File("expected.json"), json);
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => ModelCheck.Run(folder.Path)).Message);
    }

    private static TemporaryFolder Copy(string fixture)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Shared.Path("fixtures", fixture)))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        return folder;
    }
}
