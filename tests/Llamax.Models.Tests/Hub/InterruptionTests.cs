using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>Interrupted pulls, and several at once.</summary>
public sealed class InterruptionTests
{
    private const string Name = "org/small-model";

    [Fact]
    public async Task Interrupted_ten_times_it_ends_with_the_right_bytes_and_no_byte_is_asked_for_twice()
    {
        const int Size = 3_000_000;
        using var bench = new PullBench();
        var files = HubContents.Model(Size);
        bench.Server.Add(Name, files);
        var partial = bench.InCache("models--org--small-model", "blobs", HubServer.Sha256(files["model.safetensors"]) + ".incomplete");
        var expected = new List<long>();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            expected.Add(File.Exists(partial) ? new FileInfo(partial).Length : 0);
            using var cancellation = new CancellationTokenSource();
            var (limit, seen) = (100_000 + attempt * 20_000, 0L);
            bench.OnAdvanced = bytes =>
            {
                if (Interlocked.Add(ref seen, bytes) > limit)
                {
                    cancellation.Cancel();
                }
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.PullAsync(Name, cancellation.Token));
        }

        expected.Add(new FileInfo(partial).Length);
        bench.OnAdvanced = _ => { };
        var pulled = await bench.PullAsync(Name);

        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(Path.Combine(pulled.Path, "model.safetensors")));
        Assert.False(File.Exists(partial));
        var weights = $"/cdn/{HubServer.Sha256(files["model.safetensors"])}";
        Assert.Equal(expected, bench.Server.Loads.Where(load => load.Path == weights).Select(load => load.From ?? 0));
        Assert.All(expected.Zip(expected.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.Equal(pulled.Files.Sum(file => file.Size!.Value), bench.Kept);
    }

    [Fact]
    public async Task Two_at_once_load_each_content_once()
    {
        using var bench = new PullBench();
        var files = HubContents.Model(1_000_000);
        bench.Server.Add(Name, files);
        bench.Server.Pause = TimeSpan.FromMilliseconds(2);

        var both = await Task.WhenAll(Task.Run(() => bench.PullAsync(Name)), Task.Run(() => bench.PullAsync(Name)));

        Assert.Equal(both[0].Path, both[1].Path);
        Assert.All(PullBench.Read(both[0].Path), file => Assert.Equal(files[file.Key], file.Value));
        Assert.Equal(pulledBytes(both[0]), bench.Kept);
        Assert.Equal(2 + 1, bench.Server.Loads.Count(load => load.Path.StartsWith("/cdn/", StringComparison.Ordinal) || load.Path.EndsWith("config.json", StringComparison.Ordinal)));
        Assert.Contains(bench.Notes, note => note.Contains("waiting for another process"));
        static long pulledBytes(Llamax.Models.Hub.Pulled pulled) => pulled.Files.Sum(file => file.Size!.Value);
    }

    [Fact]
    public async Task Two_models_with_one_content_do_not_disturb_each_other()
    {
        using var bench = new PullBench();
        var files = HubContents.Model(200_000);
        bench.Server.Add(Name, files);
        bench.Server.Add("org/other-model", files);
        await Task.WhenAll(Task.Run(() => bench.PullAsync(Name)), Task.Run(() => bench.PullAsync("org/other-model")));
        foreach (var name in new[] { Name, "org/other-model" })
        {
            Assert.All(PullBench.Read((await bench.PullAsync(name)).Path), file => Assert.Equal(files[file.Key], file.Value));
        }
    }
}
