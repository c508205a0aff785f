using System.Text.Json;
using Llamax.Models.Attention;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests;

/// <summary>The model computes what the original computes: reference logits and states of tiny checkpoints.</summary>
public sealed class ForwardParityTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var model in new[] { "llama2", "llama3", "llama31", "llama_tied" })
        {
            foreach (var name in new[] { "single", "long", "left", "right" })
            {
                data.Add(model, name);
            }
        }

        data.Add("alt_formats/llama2_bf16_sharded", "single");
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_and_states_equal_the_reference(string model, string name)
    {
        var folder = Shared.Path("fixtures", model);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var decoder = ModelFolder.Load(folder, ScalarType.Float32);
        using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        var reference = json.RootElement.GetProperty("forward").GetProperty(name);
        var (ids, mask, positions) = (Matrix(reference, "input_ids"), Matrix(reference, "attention_mask"), Matrix(reference, "position_ids"));

        using var masked = new MaskedAttention(mask);
        AttentionContext attention = name == "left" ? masked : new CausalAttention();
        var hidden = decoder.Hidden(ids, positions, attention);
        var logits = decoder.Logits(hidden);
        Assert.InRange(Difference(logits, expected.Read($"{name}.logits"), mask), 0, 1e-4);
        var last = $"{name}.hidden_states.{decoder.Config.Layers}";
        if (expected.Find(last) is not null)
        {
            Assert.InRange(Difference(hidden, expected.Read(last), mask), 0, 1e-4);
        }

        if (name == "right")
        {
            Assert.Equal(reference.GetProperty("loss").GetDouble(), Loss(logits, Matrix(reference, "labels")), 1e-4);
        }
    }

    private static double Loss(Tensor logits, Tensor labels)
    {
        var vocabulary = logits.shape[^1];
        var steps = logits.shape[1] - 1;
        return nn.functional.cross_entropy(
            logits.narrow(1, 0, steps).reshape(-1, vocabulary), labels.narrow(1, 1, steps).reshape(-1)).item<float>();
    }

    private static double Difference(Tensor actual, Tensor expected, Tensor mask) =>
        ((actual - expected).abs() * mask.unsqueeze(-1)).max().item<float>();

    private static Tensor Matrix(JsonElement json, string key)
    {
        var rows = json.GetProperty(key).EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetInt64()).ToArray()).ToArray();
        return tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, -1);
    }
}
