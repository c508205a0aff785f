using Llamax.Models.Hub;
using Llamax.Models.Hub.Catalog;
using Llamax.Testing;
using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>Names for files with addresses of their own.</summary>
public sealed class CatalogTests : IDisposable
{
    private const int Size = 500_000;

    private readonly PullBench bench = new();
    private readonly byte[] content = HubContents.Noise(Size, "file");

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Every_name_has_an_official_address_over_https_and_what_it_says_of_the_content_is_well_formed()
    {
        Assert.Equal(["flores101", "flores200", "lid.176", "spm-flores101", "spm-flores200", "comet-22"], DownloadCatalog.Names.Select(each => each.Name));
        foreach (var entry in DownloadCatalog.Read())
        {
            Assert.NotEmpty(entry.Licence);
            Assert.Equal(entry.Address is null, entry.Repositories is not null);
            Assert.Equal(entry.Address is null, entry.File is null);
            Assert.True(entry.Address is null or { Scheme: "https" });
            Assert.True(entry.Address is null || entry.Size > 0 || entry.Limit > 0);
            Assert.All([entry.Sha256, .. entry.Repositories?.SelectMany(each => each.Sha256?.Values ?? []) ?? []], hash => Assert.True(hash is null or { Length: 64 }));
        }
    }

    [Fact]
    public void The_hash_of_the_language_identifier_is_that_of_the_file()
    {
        var file = File.ReadAllBytes(Shared.Path("data", "langid", "lid.176.ftz"));
        var entry = DownloadCatalog.Find("lid.176")!;
        Assert.Equal((entry.Size, entry.Sha256), (file.Length, HubServer.Sha256(file)));
    }

    [Fact]
    public async Task A_file_of_known_hash_comes_from_its_address_through_redirects()
    {
        Serve(HubServer.Sha256(content));
        var inner = bench.Server.Mischief;
        bench.Server.Mischief = request => request.Path == "/short" ? HubReply.Redirect($"{bench.Server.OtherHost}/file", 301) : inner(request);
        bench.Settings = bench.Settings with { Token = "hf_secret" };
        var pulled = await bench.PullAsync("thing");
        Assert.Equal(content, File.ReadAllBytes(pulled.Path));
        Assert.EndsWith(Path.Combine("downloads", "thing", "thing.tar.gz"), pulled.Path, StringComparison.Ordinal);
        Assert.All(bench.Server.Requests, request => Assert.True(request.Host == new Uri(bench.Server.Endpoint).Authority || !request.Headers.ContainsKey("Authorization")));

        var requests = bench.Server.Requests.Count;
        Assert.True((await bench.PullAsync("thing")).Files[0].WasThere);
        Assert.Equal(requests, bench.Server.Requests.Count);
    }

    [Fact]
    public async Task Wrong_bytes_of_a_known_file_are_refused()
    {
        Serve(HubServer.Sha256(HubContents.Noise(Size, "other")));
        Assert.Contains("wrong bytes", (await bench.RefusedAsync("thing")).Message);
    }

    [Fact]
    public async Task A_known_hash_is_checked_where_the_hub_gives_none()
    {
        var checkpoint = HubContents.Noise(20_000, "checkpoint");
        bench.Server.Add("org/metric", new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["model.ckpt"] = checkpoint });
        bench.Server.Listing = json => json.Replace("\"lfs\"", "\"x\"", StringComparison.Ordinal).Replace("\"blobId\"", "\"y\"", StringComparison.Ordinal);
        bench.Server.Mischief = request => request.Path.EndsWith("model.ckpt", StringComparison.Ordinal) ? HubReply.File(request, checkpoint, "\"version-7\"") : null;
        Name(new string('0', 64));
        Assert.Contains("wrong bytes: expected SHA-256 0000", (await bench.RefusedAsync("metric")).Message);
        Name(HubServer.Sha256(checkpoint));
        Assert.Equal(checkpoint, File.ReadAllBytes(Path.Combine((await bench.PullAsync("metric")).Path, "model.ckpt")));

        void Name(string hash) => bench.Catalog = _ => new CatalogEntry("metric", "", "", Repositories:
            [new CatalogRepository("org/metric", ["model.ckpt"], new Dictionary<string, string>(StringComparer.Ordinal) { ["model.ckpt"] = hash })]);
    }

    [Fact]
    public async Task What_came_without_a_hash_makes_way_for_what_has_the_known_one_and_does_not_come_back()
    {
        byte[] wrong = HubContents.Noise(20_000, "wrong"), right = HubContents.Noise(20_000, "right");
        bench.Server.Add("org/metric", new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["hparams.yaml"] = HubContents.Text("a: 1"), ["checkpoints/model.ckpt"] = right, ["config.json"] = HubContents.Text("{}") });
        bench.Server.Listing = json => json.Replace("\"lfs\"", "\"x\"", StringComparison.Ordinal).Replace("\"blobId\"", "\"y\"", StringComparison.Ordinal);
        Serve(wrong);
        bench.Catalog = name => name != "metric" ? null : new CatalogEntry("metric", "", "", Repositories:
            [new CatalogRepository("org/metric", ["checkpoints/model.ckpt"], new Dictionary<string, string>(StringComparer.Ordinal) { ["checkpoints/model.ckpt"] = HubServer.Sha256(right) })]);

        var file = Path.Combine((await bench.PullAsync("org/metric@main")).Path, "checkpoints", "model.ckpt");
        Assert.Contains(bench.Notes, note => note.Contains("gives no hash of", StringComparison.Ordinal) && note.Contains("model.ckpt", StringComparison.Ordinal));
        Assert.Equal(["org/metric/checkpoints/model.ckpt"], bench.Unchecked.Where(each => each.EndsWith("model.ckpt", StringComparison.Ordinal)));
        Assert.Equal(wrong, File.ReadAllBytes(file));
        bench.Settings = bench.Settings with { Offline = true };
        Assert.Contains($"has not the SHA-256 {HubServer.Sha256(right)}", (await bench.RefusedAsync("metric")).Message);

        bench.Settings = bench.Settings with { Offline = false };
        Assert.Contains("wrong bytes", (await bench.RefusedAsync("metric")).Message);
        Serve(right);
        await bench.PullAsync("metric");
        Assert.Equal(right, File.ReadAllBytes(file));
        Serve(wrong);
        await bench.PullAsync("org/metric@main");
        Assert.Equal(right, File.ReadAllBytes(file));
        bench.Settings = bench.Settings with { Offline = true };
        await bench.PullAsync("metric");

        void Serve(byte[] content) => bench.Server.Mischief = request => request.Path.EndsWith("model.ckpt", StringComparison.Ordinal) ? HubReply.File(request, content, "\"version-7\"") : null;
    }

    [Fact]
    public async Task A_known_file_that_lies_there_with_another_length_is_loaded_anew()
    {
        Serve(HubServer.Sha256(content), size: Size);
        var path = (await bench.PullAsync("thing")).Path;
        File.WriteAllBytes(path, content[..1000]);
        bench.Settings = bench.Settings with { Offline = true };
        Assert.Contains($"with its {Size:N0} bytes", (await bench.RefusedAsync("thing")).Message);
        bench.Settings = bench.Settings with { Offline = false };
        Assert.False((await bench.PullAsync("thing")).Files[0].WasThere);
        Assert.Equal(content, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Another_length_than_the_known_one_is_refused_before_it_is_loaded()
    {
        Serve(HubServer.Sha256(content), size: Size + 1);
        Assert.Contains($"has {Size:N0} bytes now", (await bench.RefusedAsync("thing")).Message);
        Assert.Empty(bench.Server.Loads);
    }

    [Fact]
    public async Task Where_no_hash_is_known_the_computed_one_is_printed()
    {
        Serve(null);
        var pulled = await bench.PullAsync("thing");
        Assert.Equal(HubServer.Sha256(content), pulled.Files[0].Sha256);
        Assert.Contains(bench.Notes, note => note.Contains($"this one has {HubServer.Sha256(content)}"));
        Assert.Equal(["thing"], bench.Unchecked);
    }

    [Fact]
    public async Task A_beginning_counts_while_the_tag_is_the_same_and_no_longer()
    {
        Serve(null);
        await StopAtAsync(200_000);
        await StopAtAsync(1);
        Assert.True(bench.Server.Loads.Last().From >= 200_000);

        // Another file lies there now; a part of the old one must not get into it.
        var other = HubContents.Noise(Size, "other");
        Serve(null, other, "\"two\"");
        var pulled = await bench.PullAsync("thing");
        Assert.Equal(other, File.ReadAllBytes(pulled.Path));
        Assert.Null(bench.Server.Loads.Last().From);
        Assert.Equal(["thing.tar.gz", "thing.tar.gz.lock"], Directory.GetFiles(Path.GetDirectoryName(pulled.Path)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Two_at_once_do_not_disturb_each_other_where_the_server_gives_no_tag()
    {
        Serve(null, declare: false);
        Task<Pulled>? second = null;
        var guard = new Lock();
        bench.OnAdvanced = count =>
        {
            lock (guard)
            {
                second ??= Task.Run(() => bench.PullAsync("thing"));
            }

            Assert.True(SpinWait.SpinUntil(() => bench.Notes.Any(note => note.Contains("waiting for another process", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)));
        };
        var first = await bench.PullAsync("thing");
        Assert.False(first.Files[0].WasThere);
        Assert.True((await second!).Files[0].WasThere);
        Assert.Equal(content, File.ReadAllBytes(first.Path));
    }

    [Fact]
    public async Task What_is_larger_than_it_can_be_is_refused()
    {
        Serve(null, limit: 1000, declare: false);
        Assert.Contains("more than 1,000 are not taken", (await bench.RefusedAsync("thing")).Message);
    }

    [Fact]
    public async Task What_the_server_says_of_the_length_does_not_lift_the_limit()
    {
        Serve(null, limit: 1000);
        Assert.Contains("more than 1,000 are not taken", (await bench.RefusedAsync("thing")).Message);
        Assert.Empty(bench.Server.Loads);
    }

    [Fact]
    public async Task What_is_gone_is_said_without_a_word_of_tokens()
    {
        Serve(null);
        bench.Settings = bench.Settings with { Endpoint = bench.Server.OtherHost };
        bench.Server.Mischief = _ => new HubReply(403, []);
        var message = (await bench.RefusedAsync("thing")).Message;
        Assert.Contains("127.0.0.1 answered 403", message);
        Assert.DoesNotContain("HF_TOKEN", message);
    }

    [Fact]
    public async Task A_dry_run_loads_nothing()
    {
        Serve(null);
        using var puller = bench.Puller();
        var planned = Assert.Single(await puller.PullAsync("thing", dryRun: true));
        Assert.Equal(((long?)Size, false), (planned.Files[0].Size, planned.Files[0].WasThere));
        Assert.False(File.Exists(planned.Path));
        Assert.Empty(bench.Server.Loads);
    }

    [Fact]
    public async Task A_name_may_stand_for_parts_of_several_repositories()
    {
        var checkpoint = HubContents.Noise(20_000, "checkpoint");
        bench.Server.Add("org/metric", new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["hparams.yaml"] = HubContents.Text("pool: avg"),
            ["checkpoints/model.ckpt"] = checkpoint,
            ["model.ckpt"] = checkpoint,
        });
        bench.Server.Add("encoder", HubContents.Model());
        Name(HubServer.Sha256(checkpoint));
        using (var puller = bench.Puller())
        {
            var pulled = await puller.PullAsync("metric");
            Assert.Equal(["checkpoints/model.ckpt", "hparams.yaml"], PullBench.Read(pulled[0].Path).Keys.Order(StringComparer.Ordinal));
            Assert.Equal(["config.json", "tokenizer.model"], PullBench.Read(pulled[1].Path).Keys.Order());
        }

        Name(new string('0', 64));
        Assert.Contains("the file that is meant has 0000", (await bench.RefusedAsync("metric")).Message);
        bench.Catalog = _ => new CatalogEntry("metric", "", "", Repositories: [new CatalogRepository("encoder", ["absent.json"], null)]);
        Assert.Contains("does not hold absent.json", (await bench.RefusedAsync("metric")).Message);

        void Name(string hash) => bench.Catalog = _ => new CatalogEntry("metric", "", "", Repositories:
        [
            new CatalogRepository("org/metric", ["hparams.yaml", "checkpoints/model.ckpt"], new Dictionary<string, string>(StringComparer.Ordinal) { ["checkpoints/model.ckpt"] = hash }),
            new CatalogRepository("encoder", ["config.json", "tokenizer.model"], null),
        ]);
    }

    private void Serve(string? sha256, byte[]? body = null, string tag = "\"one\"", long? size = null, long limit = 1 << 24, bool declare = true)
    {
        var served = body ?? content;
        bench.Server.Mischief = request => request.Path is "/file" or "/short"
            ? declare || request.Method == "HEAD" && declare ? HubReply.File(request, served, tag) : new HubReply(request.Method == "HEAD" ? 405 : 200, served)
            : null;
        bench.Catalog = _ => new CatalogEntry("thing", "a thing", "none", "thing.tar.gz", new Uri(bench.Server.Endpoint + "/short"), size, sha256, limit);
    }

    /// <summary>Interrupts a pull once so many bytes more are there.</summary>
    private async Task StopAtAsync(int bytes)
    {
        using var cancellation = new CancellationTokenSource();
        var seen = 0L;
        bench.OnAdvanced = count =>
        {
            if (Interlocked.Add(ref seen, count) >= bytes)
            {
                cancellation.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.PullAsync("thing", cancellation.Token));
        bench.OnAdvanced = _ => { };
    }
}
