using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Checkpoints;

public sealed class WeightFilesTests
{
    private const string Index = """{"metadata":{"total_size":8},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}""";

    [Fact]
    public void A_missing_shard_is_named_with_who_asks_for_it()
    {
        using var folder = Shards(("model-1.safetensors", "a"));
        Fails(folder, $"{folder.File("model-2.safetensors")}: this shard is missing; model.safetensors.index.json says that it holds 1 of the model's 2 tensors");
    }

    [Fact]
    public void An_index_that_names_an_absent_tensor_is_named()
    {
        using var folder = Shards(("model-1.safetensors", "a"), ("model-2.safetensors", "c"));
        Fails(folder, "'b' is said to be in model-2.safetensors but is not.");
    }

    [Fact]
    public void A_tensor_in_another_shard_than_the_index_says_is_named()
    {
        using var folder = Shards(("model-1.safetensors", "b"), ("model-2.safetensors", "a"));
        Fails(folder, "'a' is said to be in model-1.safetensors but is not, it is in model-2.safetensors.");
    }

    [Fact]
    public void A_tensor_that_two_shards_hold_is_named()
    {
        using var folder = Shards(("model-1.safetensors", "a"), ("model-2.safetensors", "a"));
        Fails(folder, $"{folder.File("model-2.safetensors")}: 'a' is also in {folder.File("model-1.safetensors")}.");
    }

    [Theory]
    [InlineData("""{"weight_map":{}}""", "is empty")]
    [InlineData("""{"weight_map":{"a":"x\u0000"}}""", "not the name of a file")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "the key 'a' must be valid text")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "each key must be valid text")]
    [InlineData("{}", "'weight_map' is missing")]
    public void A_broken_index_is_said_to_be_one(string json, string expected)
    {
        using var folder = Shards();
        File.WriteAllText(folder.File("model.safetensors.index.json"), json);
        Fails(folder, expected);
    }

    [Fact]
    public void A_folder_without_weights_says_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        Fails(folder, "none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json");
    }

    [Fact]
    public void Any_of_several_names_is_found_and_shapes_are_checked()
    {
        using var folder = Shards(("model-1.safetensors", "a"), ("model-2.safetensors", "b"));
        using var weights = WeightFiles.Open(folder.Path);
        Assert.Equal("b", weights.Find("none", "b", "a")?.Name);
        Assert.Null(weights.Find("none"));
        weights.Check([("a", [1]), ("b", [1])]);
        Assert.Contains("'b' has shape [1], expected is [2]", Assert.Throws<LlamaxException>(() => weights.Check([("b", [2])])).Message, StringComparison.Ordinal);
        Assert.Contains("'x' is missing", Assert.Throws<LlamaxException>(() => weights.Check([("x", [2])])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Many_tensors_are_copied_side_by_side_into_any_type_and_strides(ScalarType type)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 40).Select(i => ($"t{i}", Value: randn(7 + (i * 31), 150))).ToList();
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors.Select(each => (each.Item1, each.Value)));
        using var weights = WeightFiles.Open(folder.Path);
        var targets = tensors.Select((each, i) => (each.Item1, i % 2 == 0 ? zeros(each.Value.shape, type) : zeros([150, each.Value.shape[0]], type).t())).ToList();
        weights.CopyTo(targets);
        Assert.All(tensors.Zip(targets), pair => Assert.True(pair.First.Value.to_type(type).eq(pair.Second.Item2).all().item<bool>(), pair.First.Item1));
        Assert.Contains("'none' is missing", Assert.Throws<LlamaxException>(() => weights.CopyTo([("none", zeros(1))])).Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Shards(params (string File, string Tensor)[] shards)
    {
        var folder = new TemporaryFolder();
        using var one = zeros(1);
        foreach (var (file, tensor) in shards)
        {
            SafetensorsWriter.Write(folder.File(file), [(tensor, one)]);
        }

        File.WriteAllText(folder.File("model.safetensors.index.json"), Index);
        return folder;
    }

    private static void Fails(TemporaryFolder folder, string expected) =>
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => WeightFiles.Open(folder.Path)).Message, StringComparison.Ordinal);
}
