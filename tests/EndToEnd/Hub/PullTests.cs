using System.Diagnostics;
using System.Text.Json;
using Llamax.Testing;
using Llamax.Testing.Hub;

namespace Llamax.EndToEnd.Hub;

/// <summary><c>llamax pull</c>: what it prints, and what kills, interruptions and a second process do to it.</summary>
public sealed class PullTests : IDisposable
{
    private const string Name = "org/small-model";

    private readonly TemporaryFolder home = new();
    private readonly HubServer server = new();

    public void Dispose()
    {
        server.Dispose();
        home.Dispose();
    }

    [Fact]
    public async Task It_prints_the_snapshot_and_other_verbs_find_the_model_by_its_name()
    {
        var fixture = Shared.Path("fixtures", "llama2");
        var commit = server.Add(Name, Directory.GetFiles(fixture).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal));

        var (code, output, errors) = await PullAsync(Name);

        Assert.True(code == 0, errors);
        Assert.Equal(home.File($"hub/models--org--small-model/snapshots/{commit}") + "\n", output);
        Assert.Contains("files to load", errors);
        Assert.Contains("loaded and checked", errors);
        Assert.Contains("everything was there", (await PullAsync(Name)).Errors);

        using var info = CommandLine.Start([("HF_HOME", home.Path)], "model", "check", Name);
        var (checkCode, checks, checkErrors) = await PullProcess.EndAsync(info);
        Assert.True(checkCode == 0, checks + checkErrors);
    }

    [Fact]
    public async Task A_dry_run_lists_and_json_describes()
    {
        var files = HubContents.Model();
        server.Add(Name, files);
        var (code, output, errors) = await PullAsync(Name, "--dry-run");
        Assert.True(code == 0, errors);
        Assert.Contains("3 of 3 files to load, 309.0 kB", output);
        Assert.False(Directory.Exists(home.File("hub")));

        (code, output, errors) = await PullAsync(Name, "--json");
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(output);
        var weights = json.RootElement[0].GetProperty("files").EnumerateArray().Single(file => file.GetProperty("path").GetString() == "model.safetensors");
        Assert.Equal(HubServer.Sha256(files["model.safetensors"]), weights.GetProperty("sha256").GetString());
    }

    [Theory]
    [InlineData("a/b/c", "is no name of a repository")]
    [InlineData("org/absent", "no such repository")]
    [InlineData("org/small-model@v9", "no such revision")]
    public async Task What_cannot_be_had_ends_with_2(string name, string expected)
    {
        server.Add(Name, HubContents.Model());
        var (code, output, errors) = await PullAsync(name);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, errors);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Killed_ten_times_it_ends_with_the_right_bytes_and_no_byte_on_disk_is_asked_for_again()
    {
        const int Size = 6_000_000;
        var (files, partial) = AddSlow(Size);
        var starts = new List<long>();
        for (var kills = 0; kills < 10; kills++)
        {
            starts.Add(Length(partial));
            using var process = Start(Name);
            await GrownAsync(process, partial, starts[^1] + 200_000);
            process.Kill();
            await process.WaitForExitAsync();
        }

        starts.Add(Length(partial));
        server.Pause = TimeSpan.Zero;
        var (code, output, errors) = await PullAsync(Name);

        Assert.True(code == 0, errors);
        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(Path.Combine(output.TrimEnd(), "model.safetensors")));
        Assert.False(File.Exists(partial));
        Assert.Equal(starts, Weights(files).Select(load => load.From ?? 0));
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.First + 200_000 <= pair.Second));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_it_with_its_code_and_what_was_loaded_stays(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        Signals.SkipWhereIgnored(signal);
        var (files, partial) = AddSlow(6_000_000);
        using var process = Start(Name);
        await GrownAsync(process, partial, 100_000);
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        var (code, output, errors) = await PullProcess.EndAsync(process);
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains("what was loaded is kept", errors);
        var kept = Length(partial);
        Assert.InRange(kept, 100_000, 6_000_000);

        server.Pause = TimeSpan.Zero;
        Assert.Equal(0, (await PullAsync(Name)).Code);
        Assert.Equal([0, kept], Weights(files).Select(load => load.From ?? 0));
    }

    [Fact]
    public async Task Two_processes_at_once_load_each_content_once()
    {
        var (files, partial) = AddSlow(3_000_000);
        using var first = Start(Name);
        await GrownAsync(first, partial, 100_000);
        using var second = Start(Name);
        var results = await Task.WhenAll(PullProcess.EndAsync(first), PullProcess.EndAsync(second));

        Assert.All(results, result => Assert.True(result.Code == 0, result.Errors));
        Assert.Equal(results[0].Output, results[1].Output);
        Assert.Contains("waiting for another process", results[1].Errors);
        Assert.Equal([0L], Weights(files).Select(load => load.From ?? 0));
        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(Path.Combine(results[0].Output.TrimEnd(), "model.safetensors")));
    }

    [Fact]
    public async Task Where_the_first_of_two_is_killed_the_second_takes_over()
    {
        var (files, partial) = AddSlow(3_000_000);
        using var first = Start(Name);
        await GrownAsync(first, partial, 100_000);
        using var second = Start(Name);
        while (await second.StandardError.ReadLineAsync() is { } line && !line.Contains("waiting for another process", StringComparison.Ordinal))
        {
        }

        first.Kill();
        await first.WaitForExitAsync();
        var kept = Length(partial);
        var (code, output, errors) = await PullProcess.EndAsync(second);
        Assert.True(code == 0, errors);
        Assert.Equal([0, kept], Weights(files).Select(load => load.From ?? 0));
        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(Path.Combine(output.TrimEnd(), "model.safetensors")));
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Waits until so many bytes are on disk.</summary>
    private static async Task GrownAsync(Process process, string path, long length)
    {
        while (Length(path) < length)
        {
            if (process.HasExited)
            {
                Assert.Fail((await PullProcess.EndAsync(process)).Errors);
            }

            await Task.Delay(5);
        }
    }

    private (Dictionary<string, byte[]> Files, string Partial) AddSlow(int size)
    {
        var files = HubContents.Model(size);
        server.Add(Name, files);
        server.Pause = TimeSpan.FromMilliseconds(10);
        return (files, home.File($"hub/models--org--small-model/blobs/{HubServer.Sha256(files["model.safetensors"])}.incomplete"));
    }

    private IEnumerable<HubRequest> Weights(Dictionary<string, byte[]> files) =>
        server.Loads.Where(load => load.Path == $"/cdn/{HubServer.Sha256(files["model.safetensors"])}");

    private Process Start(params string[] arguments) => PullProcess.Start(server.Endpoint, home.Path, arguments);

    private Task<(int Code, string Output, string Errors)> PullAsync(params string[] arguments) => PullProcess.RunAsync(server.Endpoint, home.Path, arguments);
}
