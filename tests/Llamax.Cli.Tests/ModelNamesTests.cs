using System.Text.Json;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

/// <summary>What is said where something else than a model's folder is named, and how a folder is described to programs.</summary>
public sealed class ModelNamesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_in_the_place_of_a_models_folder_is_said_to_be_one()
    {
        var file = folder.File("config.json");
        File.WriteAllText(file, "{}");
        foreach (var arguments in new string[][]
        {
            ["model", "info", file], ["model", "check", file], ["translate", "--from", "en", "--to", "zh", "--model", file], ["generate", "--prompt", "a", "--model", file],
        })
        {
            Assert.Equal($"llamax: {file} is a file. A model is a folder with config.json, weights and tokenizer files: name the folder.\n", await RefusedAsync(arguments));
        }

        Assert.Equal($"llamax: {file} holds no weights. Name the folder of the model, or a single file of weights.\n", await RefusedAsync("model", "convert", file, folder.File("out")));
    }

    [Fact]
    public async Task A_folder_that_is_no_models_is_said_to_be_none()
    {
        Assert.Equal($"llamax: {folder.Path} has no config.json, so it is no model's folder.\n", await RefusedAsync("model", "info", folder.Path));
        Assert.Equal($"llamax: {folder.File("none")}: there is no such folder.\n", await RefusedAsync("model", "info", folder.File("none")));
    }

    [Fact]
    public async Task Json_names_the_values_of_enumerations()
    {
        var (code, printed, error) = await CommandLine.RunAsync("", "model", "info", TinyModel.In(folder), "--json");
        Assert.True(code == 0, error);
        var model = JsonDocument.Parse(printed).RootElement.GetProperty("model");
        var decoder = model.GetProperty("decoder");
        Assert.Equal(
            ("decoder", "root_mean_square", "rotary", "gated_silu", "before"),
            (model.GetProperty("kind").GetString(), decoder.GetProperty("norm").GetString(), decoder.GetProperty("positions").GetString(),
                decoder.GetProperty("activation").GetString(), decoder.GetProperty("norm_place").GetString()));
        Assert.Equal(JsonValueKind.Null, model.GetProperty("encoder").ValueKind);
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (code, printed, error) = await CommandLine.RunAsync("", arguments);
        Assert.Equal((2, ""), (code, printed));
        return error;
    }
}
