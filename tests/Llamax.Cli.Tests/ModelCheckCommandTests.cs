using System.Text.Json;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using static TorchSharp.torch;

namespace Llamax.Cli.Tests;

public sealed class ModelCheckCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_not_compared_is_said_and_nothing_compared_is_an_error()
    {
        Copy(except: "expected.safetensors");
        var (code, printed, error) = await CommandLine.RunAsync("", "model", "check", folder.Path);
        Assert.True(code == 0, error);
        Assert.Contains("----  not compared: logits and states of single, long, left, right: there is no expected.safetensors\n", printed);
        Assert.Contains("0 failed (tolerance 1e-4), and not all was compared", printed);
        (code, printed, error) = await CommandLine.RunAsync("", "model", "check", folder.Path, "--json");
        Assert.True(code == 0, error);
        Assert.True(JsonDocument.Parse(printed).RootElement.GetArrayLength() > 1);
        Assert.Contains("not compared: logits and states of single", error);

        File.WriteAllText(folder.File("expected.json"), """{"forward": {"a": {"input_ids": [[1, 2]]}}}""");
        (code, printed, error) = await CommandLine.RunAsync("", "model", "check", folder.Path);
        Assert.Equal((2, ""), (code, printed));
        Assert.Contains("nothing could be compared", error);
    }

    [Fact]
    public async Task Weights_that_are_not_used_are_named_by_what_loads_the_model()
    {
        Copy(except: "model.safetensors");
        using (var scope = NewDisposeScope())
        {
            using var file = TensorFiles.Open(Shared.Path("fixtures", "llama2", "model.safetensors"));
            SafetensorsWriter.Write(folder.File("model.safetensors"), [.. file.Tensors.Select(entry => (entry.Name, file.Read(entry.Name))), ("stray.weight", zeros(2, 3))]);
        }

        const string Expected = "the network has no place for 'stray.weight' [2, 3], which is not used";
        var check = await CommandLine.RunAsync("", "model", "check", folder.Path);
        Assert.True(check.Code == 0, check.Error);
        Assert.Single(check.Error.Split('\n'), line => line.Contains(Expected, StringComparison.Ordinal));
        Assert.Contains(Expected, (await CommandLine.RunAsync("", "model", "info", folder.Path)).Out);
        var json = JsonDocument.Parse((await CommandLine.RunAsync("", "model", "info", folder.Path, "--json")).Out).RootElement.GetProperty("model");
        Assert.Equal("stray.weight", json.GetProperty("unused")[0].GetProperty("name").GetString());
    }

    private void Copy(string except)
    {
        foreach (var file in Directory.EnumerateFiles(Shared.Path("fixtures", "llama2")).Where(file => Path.GetFileName(file) != except))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }
    }
}
