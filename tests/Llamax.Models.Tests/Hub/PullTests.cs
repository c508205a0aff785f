using System.Text.Json;
using Llamax.Models.Hub;
using Llamax.Models.Hub.Cache;
using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>What a pull brings, from where, and how it lies in the cache.</summary>
public sealed class PullTests
{
    private const string Name = "org/small-model";

    [Fact]
    public async Task The_needed_files_come_and_no_others_as_links_to_contents()
    {
        using var bench = new PullBench();
        var files = HubContents.Model();
        var commit = bench.Server.Add(Name, files);

        var pulled = await bench.PullAsync(Name);

        var repository = bench.InCache("models--org--small-model");
        Assert.Equal(Path.Combine(repository, "snapshots", commit), pulled.Path);
        var found = PullBench.Read(pulled.Path);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.model"], found.Keys.Order());
        Assert.All(found, file => Assert.Equal(files[file.Key], file.Value));
        Assert.Equal("../../blobs/" + HubServer.Sha256(files["model.safetensors"]), new FileInfo(Path.Combine(pulled.Path, "model.safetensors")).LinkTarget);
        Assert.Equal("../../blobs/" + HubServer.GitHash(files["config.json"]), new FileInfo(Path.Combine(pulled.Path, "config.json")).LinkTarget);
        Assert.Equal(commit, File.ReadAllText(Path.Combine(repository, "refs", "main")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(repository, "blobs")).Length);
        Assert.Equal(files["model.safetensors"].Length + files["tokenizer.model"].Length + files["config.json"].Length, bench.Kept);
    }

    [Fact]
    public async Task The_saved_listing_is_the_one_that_huggingface_hub_writes()
    {
        using var bench = new PullBench();
        var files = HubContents.Model();
        var commit = bench.Server.Add(Name, files);
        await bench.PullAsync(Name);

        using var tree = JsonDocument.Parse(File.ReadAllText(bench.InCache("models--org--small-model", "trees", commit + ".json")));
        Assert.Equal(1, tree.RootElement.GetProperty("format_version").GetInt32());
        var weights = tree.RootElement.GetProperty("files").GetProperty("model.safetensors");
        Assert.Equal(HubServer.Sha256(files["model.safetensors"]), weights.GetProperty("lfs_sha256").GetString());
        Assert.Equal(files["model.safetensors"].Length, weights.GetProperty("lfs_size").GetInt64());
        Assert.Equal(files.Count, tree.RootElement.GetProperty("files").EnumerateObject().Count());
    }

    [Fact]
    public async Task What_is_there_is_not_loaded_again_and_a_commit_needs_no_network()
    {
        using var bench = new PullBench();
        var commit = bench.Server.Add(Name, HubContents.Model());
        var first = await bench.PullAsync(Name);
        var (requests, loads) = (bench.Server.Requests.Count, bench.Server.Loads.Count());

        var second = await bench.PullAsync(Name);
        Assert.Equal(first.Path, second.Path);
        Assert.All(second.Files, file => Assert.True(file.WasThere));
        Assert.Equal((requests + 1, loads), (bench.Server.Requests.Count, bench.Server.Loads.Count()));

        var third = await bench.PullAsync($"{Name}@{commit}");
        Assert.Equal(first.Path, third.Path);
        Assert.Equal(requests + 1, bench.Server.Requests.Count);

        bench.Settings = bench.Settings with { Offline = true };
        Assert.Equal(first.Path, (await bench.PullAsync(Name)).Path);
        Assert.Equal(requests + 1, bench.Server.Requests.Count);
    }

    [Fact]
    public async Task A_content_that_was_cut_off_is_loaded_anew_by_the_commits_name_too()
    {
        using var bench = new PullBench();
        var files = HubContents.Model();
        var commit = bench.Server.Add(Name, files);
        var pulled = await bench.PullAsync(Name);
        var weights = Path.Combine(pulled.Path, "model.safetensors");
        Cut();
        bench.Settings = bench.Settings with { Offline = true };
        Assert.Contains("or not all of it", (await bench.RefusedAsync($"{Name}@{commit}")).Message);
        bench.Settings = bench.Settings with { Offline = false };
        var again = await bench.PullAsync($"{Name}@{commit}");
        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(weights));
        Assert.Equal(["model.safetensors"], again.Files.Where(file => !file.WasThere).Select(file => file.Path));

        void Cut()
        {
            using var stream = File.OpenWrite(weights);
            stream.SetLength(1000);
        }
    }

    [Fact]
    public async Task Offline_an_incomplete_model_is_refused_and_one_that_another_program_loaded_is_found()
    {
        using var bench = new PullBench();
        bench.Settings = bench.Settings with { Offline = true };
        Assert.Contains("HF_HUB_OFFLINE", (await bench.RefusedAsync(Name)).Message);

        var commit = new string('a', 40);
        Directory.CreateDirectory(bench.InCache("models--org--small-model", "refs"));
        Directory.CreateDirectory(bench.InCache("models--org--small-model", "snapshots", commit));
        File.WriteAllText(bench.InCache("models--org--small-model", "refs", "main"), commit);
        File.WriteAllText(bench.InCache("models--org--small-model", "snapshots", commit, "config.json"), "{}");
        Assert.Contains("HF_HUB_OFFLINE", (await bench.RefusedAsync(Name)).Message);

        File.WriteAllText(bench.InCache("models--org--small-model", "snapshots", commit, "model.safetensors"), "");
        Assert.EndsWith(commit, (await bench.PullAsync(Name)).Path, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task A_download_that_huggingface_hub_began_or_finished_is_taken_over()
    {
        using var bench = new PullBench();
        var files = HubContents.Model();
        bench.Server.Add(Name, files);
        var blobs = Directory.CreateDirectory(bench.InCache("models--org--small-model", "blobs")).FullName;
        var weights = files["model.safetensors"];
        File.WriteAllBytes(Path.Combine(blobs, HubServer.Sha256(weights) + ".incomplete"), weights[..200_000]);
        File.WriteAllBytes(Path.Combine(blobs, HubServer.Sha256(files["tokenizer.model"])), files["tokenizer.model"]);

        var pulled = await bench.PullAsync(Name);

        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(pulled.Path, "model.safetensors")));
        Assert.Equal([200_000L], bench.Server.Loads.Where(load => load.Path.StartsWith("/cdn/", StringComparison.Ordinal)).Select(load => load.From ?? 0));
        Assert.Equal(100_000 + files["config.json"].Length, bench.Kept);
    }

    [Fact]
    public async Task Of_an_index_its_shards_are_loaded()
    {
        using var bench = new PullBench();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["config.json"] = HubContents.Text("{}"),
            ["model.safetensors.index.json"] = HubContents.Text("""{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}"""),
            ["model-00001-of-00002.safetensors"] = HubContents.Noise(20_000, "one"),
            ["model-00002-of-00002.safetensors"] = HubContents.Noise(20_000, "two"),
            ["model-00003-of-00003.safetensors"] = HubContents.Noise(20_000, "stray"),
            ["pytorch_model.bin"] = HubContents.Noise(20_000, "bin"),
        };
        bench.Server.Add(Name, files);

        using (var puller = bench.Puller())
        {
            var plan = await puller.PullAsync(Name, dryRun: true);
            Assert.Equal(4, plan[0].Files.Count);
            Assert.All(plan[0].Files, file => Assert.False(file.WasThere));
            Assert.False(Directory.Exists(bench.Settings.CacheFolder));
        }

        var pulled = await bench.PullAsync(Name);
        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"],
            PullBench.Read(pulled.Path).Keys.Order());
    }

    [Fact]
    public async Task A_missing_shard_is_named()
    {
        using var bench = new PullBench();
        bench.Server.Add(Name, new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["model.safetensors.index.json"] = HubContents.Text("""{"weight_map": {"a": "../../../../evil.safetensors"}}"""),
        });
        Assert.Contains("'../../../../evil.safetensors', which the repository does not hold", (await bench.RefusedAsync(Name)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_that_is_too_large_to_be_one_is_not_loaded(bool listed)
    {
        using var bench = new PullBench();
        var index = HubContents.Text("""{"weight_map": {"a": "model-00001-of-00001.safetensors"}}""");
        bench.Server.Add(Name, new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["model.safetensors.index.json"] = index });
        bench.Server.Listing = json => listed
            ? json.Replace($"\"size\":{index.Length}", $"\"size\":{1L << 40}", StringComparison.Ordinal)
            : json.Replace("\"size\"", "\"other\"", StringComparison.Ordinal);
        bench.Server.Mischief = request => request.Path.EndsWith("index.json", StringComparison.Ordinal) ? new HubReply(200, index) { DeclaredLength = 1L << 40 } : null;
        Assert.Contains(listed ? "no index of shards has more than 64 MiB" : "more than 67,108,864 are not taken", (await bench.RefusedAsync(Name)).Message);
    }

    [Fact]
    public async Task A_data_set_comes_whole_with_its_folders_and_spaces()
    {
        using var bench = new PullBench();
        bench.Server.Add("datasets/org/texts", new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [".gitattributes"] = [],
            ["README.md"] = HubContents.Text("texts"),
            ["data/train 100 %.jsonl"] = HubContents.Noise(10_000, "train"),
            ["empty.txt"] = [],
        });
        var pulled = await bench.PullAsync("datasets/org/texts");
        Assert.Contains("datasets--org--texts", pulled.Path);
        var found = PullBench.Read(pulled.Path);
        Assert.Equal(["README.md", "data/train 100 %.jsonl", "empty.txt"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HubContents.Noise(10_000, "train"), found["data/train 100 %.jsonl"]);
    }

    [Fact]
    public async Task A_mirror_whose_listing_knows_no_hashes_is_asked_file_by_file()
    {
        using var bench = new PullBench();
        var files = HubContents.Model();
        bench.Server.Add(Name, files);
        bench.Server.Listing = json =>
        {
            using var listing = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(new
            {
                sha = listing.RootElement.GetProperty("sha").GetString(),
                siblings = listing.RootElement.GetProperty("siblings").EnumerateArray().Select(each => new { rfilename = each.GetProperty("rfilename").GetString() }),
            });
        };
        var pulled = await bench.PullAsync(Name);
        Assert.Equal(files["model.safetensors"], File.ReadAllBytes(Path.Combine(pulled.Path, "model.safetensors")));
        Assert.Equal("../../blobs/" + HubServer.Sha256(files["model.safetensors"]), new FileInfo(Path.Combine(pulled.Path, "model.safetensors")).LinkTarget);
        Assert.Equal("../../blobs/" + HubServer.GitHash(files["config.json"]), new FileInfo(Path.Combine(pulled.Path, "config.json")).LinkTarget);
    }

    [Fact]
    public void Where_no_link_can_be_made_there_is_a_copy()
    {
        using var bench = new PullBench();
        var cache = new HubCache(bench.Settings.CacheFolder) { MakeLink = (_, _) => throw new UnauthorizedAccessException() };
        var (name, file) = (RepositoryName.Parse(Name), new Llamax.Models.Hub.Listing.HubFile("a/b.json", 1, new string('1', 40), null));
        Directory.CreateDirectory(Path.GetDirectoryName(cache.Blob(name, file))!);
        File.WriteAllText(cache.Blob(name, file), "x");
        cache.Link(name, new string('2', 40), file);
        var copy = new FileInfo(cache.Pointer(name, new string('2', 40), "a/b.json"));
        Assert.Null(copy.LinkTarget);
        Assert.Equal("x", File.ReadAllText(copy.FullName));

        // Only a copy of another content makes way.
        File.WriteAllText(copy.FullName, "z");
        File.SetLastWriteTimeUtc(copy.FullName, File.GetLastWriteTimeUtc(cache.Blob(name, file)));
        cache.Link(name, new string('2', 40), file);
        Assert.Equal("z", File.ReadAllText(copy.FullName));
        var other = file with { GitId = new string('3', 40) };
        File.WriteAllText(cache.Blob(name, other), "yy");
        cache.Link(name, new string('2', 40), other);
        Assert.Equal("yy", File.ReadAllText(copy.FullName));
        Assert.Single(Directory.GetFiles(copy.DirectoryName!));
    }

    [Fact]
    public async Task Too_little_room_is_said_before_anything_is_loaded()
    {
        using var bench = new PullBench { FreeBytes = _ => 100_000 };
        bench.Server.Add(Name, HubContents.Model());
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains("has room for 100,000", message);
        Assert.Empty(bench.Server.Loads);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        using var bench = new PullBench();
        var files = HubContents.Model();
        bench.Server.Add(Name, files);
        var blobs = Directory.CreateDirectory(bench.InCache("models--org--small-model", "blobs")).FullName;
        File.CreateSymbolicLink(Path.Combine(blobs, HubServer.Sha256(files["model.safetensors"]) + ".incomplete"), "/dev/full");
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains("No space left on device", message);
        Assert.Contains("goes on from", message);
    }
}
