using Llamax.Models.Hub;
using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

public sealed class LocalModelTests
{
    [Fact]
    public async Task A_model_is_found_by_its_name_once_it_is_whole()
    {
        using var bench = new PullBench();
        var commit = bench.Server.Add("org/small-model", HubContents.Model());
        Assert.Contains("`llamax pull org/small-model` loads it", Refused("org/small-model"));

        var pulled = await bench.PullAsync("org/small-model");
        Assert.Equal(pulled.Path, LocalModel.Find("org/small-model", bench.Settings));
        Assert.Equal(pulled.Path, LocalModel.Find($"org/small-model@{commit}", bench.Settings));
        Assert.Contains("llamax pull org/small-model@other", Refused("org/small-model@other"));

        File.Delete(Path.Combine(pulled.Path, "model.safetensors"));
        Assert.Contains("or not all of it", Refused("org/small-model"));

        string Refused(string name) => Assert.Throws<LlamaxException>(() => LocalModel.Find(name, bench.Settings)).Message;
    }

    [Fact]
    public async Task Nothing_leads_to_a_content_of_the_wrong_length_where_the_right_one_does_not_come()
    {
        using var bench = new PullBench();
        bench.Server.Add("org/small-model", HubContents.Model());
        var pulled = await bench.PullAsync("org/small-model");
        using (var weights = File.OpenWrite(Path.Combine(pulled.Path, "model.safetensors")))
        {
            weights.SetLength(1000);
        }

        bench.Server.Mischief = request => request.Path.EndsWith("model.safetensors", StringComparison.Ordinal) ? HubReply.Of("gone", 404) : null;
        Assert.Contains("model.safetensors", (await bench.RefusedAsync("org/small-model")).Message);
        Assert.Contains("or not all of it", Assert.Throws<LlamaxException>(() => LocalModel.Find("org/small-model", bench.Settings)).Message);
    }

    [Theory]
    [InlineData("./nowhere")]
    [InlineData("/nowhere/at/all")]
    [InlineData("a/b/c")]
    [InlineData("folder/")]
    [InlineData("")]
    public void What_can_only_be_a_path_is_left_to_its_reader(string path)
    {
        using var bench = new PullBench();
        Assert.Equal(path, LocalModel.Find(path, bench.Settings));
    }

    [Fact]
    public void A_folder_is_taken_before_a_name()
    {
        using var bench = new PullBench();
        Assert.Equal(AppContext.BaseDirectory, LocalModel.Find(AppContext.BaseDirectory, bench.Settings));
    }
}
