using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>Servers that stall, cut off, lie and change their minds.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Name = "org/small-model";
    private const int Size = 300_000;

    private readonly PullBench bench = new();
    private readonly Dictionary<string, byte[]> files = HubContents.Model(Size);
    private readonly string commit;
    private int faults;

    public FaultTests() => commit = bench.Server.Add(Name, files);

    private byte[] Weights => files["model.safetensors"];

    private IEnumerable<long> Starts => bench.Server.Loads.Where(IsWeights).Select(load => load.From ?? 0);

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(HubEnding.Close)]
    [InlineData(HubEnding.Reset)]
    [InlineData(HubEnding.Stall)]
    public async Task A_connection_that_ends_is_taken_up_where_it_ended(HubEnding ending)
    {
        Faulty(3, request => HubReply.File(request, Weights, "\"t\"") with
        {
            SendOnly = 80_000,
            Ending = ending,
            Sent = ending == HubEnding.Stall ? () => _ = PassOnceKeptAsync(request.From ?? 0) : null,
        });
        await SucceedsAsync();
        Assert.Equal([0, 80_000, 160_000, 240_000], Starts);
        Assert.Equal(3, bench.Notes.Count(note => note.StartsWith($"{Name}/model.safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_gives_little_and_stops_again_and_again_is_given_up()
    {
        Faulty(int.MaxValue, request => HubReply.File(request, Weights) with { SendOnly = 1000, Ending = HubEnding.Close });
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains("tried 6 times", message);
        Assert.Equal([1, 2, 4, 8, 16], bench.Clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(6_000, new FileInfo(Partial).Length);
        bench.Server.Mischief = _ => null;
        await SucceedsAsync();
        Assert.Equal(6_000, Starts.Last());
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_sends_all_again()
    {
        Begin(100_000);
        Faulty(int.MaxValue, _ => new HubReply(200, Weights));
        await SucceedsAsync();
    }

    [Fact]
    public async Task A_beginning_that_is_not_of_the_file_is_found_out_and_loaded_anew()
    {
        Begin(100_000, HubContents.Noise(100_000, "other"));
        await SucceedsAsync();
        Assert.Equal([100_000, 0], Starts);
        Assert.Contains(bench.Notes, note => note.Contains("is not the file"));
    }

    [Fact]
    public async Task A_beginning_that_is_longer_than_the_file_is_thrown_away()
    {
        Begin(Size + 1, HubContents.Noise(Size + 1, "longer"));
        await SucceedsAsync();
        Assert.Equal([0], Starts);
    }

    [Fact]
    public async Task All_bytes_of_a_killed_process_need_no_request()
    {
        Begin(Size);
        await SucceedsAsync();
        Assert.Empty(Starts);
    }

    [Fact]
    public async Task An_answer_416_begins_anew()
    {
        Begin(100_000);
        Faulty(1, _ => new HubReply(416, []) { Headers = { ["Content-Range"] = "bytes */50" } });
        await SucceedsAsync();
        Assert.Equal([100_000, 0], Starts);
    }

    [Fact]
    public async Task A_part_other_than_the_one_asked_for_is_not_taken()
    {
        Begin(100_000);
        Faulty(1, _ => new HubReply(206, Weights[50_000..]) { Headers = { ["Content-Range"] = $"bytes 50000-{Size - 1}/{Size}" } });
        await SucceedsAsync();
        Assert.Equal([100_000, 0], Starts);
    }

    [Fact]
    public async Task A_file_that_changes_in_the_middle_is_begun_anew()
    {
        var other = HubContents.Noise(Size, "changed");
        Faulty(2, request => request.From is null
            ? HubReply.File(request, other, "\"old\"") with { SendOnly = 100_000, Ending = HubEnding.Close }
            : new HubReply(206, Weights[100_000..]) { Headers = { ["ETag"] = "\"new\"", ["Content-Range"] = $"bytes 100000-{Size - 1}/{Size}" } });
        await SucceedsAsync();
        Assert.Equal([0, 100_000, 0], Starts);
        Assert.Contains(bench.Notes, note => note.Contains("changed on the server"));
        Assert.Equal("\"old\"", bench.Server.Loads.Single(load => IsWeights(load) && load.From == 100_000).Headers["If-Range"]);
    }

    [Fact]
    public async Task Wrong_bytes_are_refused_named_and_removed()
    {
        Faulty(int.MaxValue, request => HubReply.File(request, HubContents.Noise(Size, "wrong")));
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains($"{Name}/model.safetensors: the server sent wrong bytes: expected SHA-256 {HubServer.Sha256(Weights)}", message);
        Assert.Equal(0, new FileInfo(Partial).Length);
        Assert.False(File.Exists(Path.ChangeExtension(Partial, null)));
        Assert.False(File.Exists(bench.InCache("models--org--small-model", "refs", "main")));
    }

    [Fact]
    public async Task Wrong_bytes_of_a_small_file_are_refused_by_gits_hash()
    {
        bench.Server.Mischief = request => request.Path.EndsWith("config.json", StringComparison.Ordinal) ? HubReply.Of("""{"model_type": "qwerty"}"""[..files["config.json"].Length]) : null;
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains($"config.json: the server sent wrong bytes: expected git hash {HubServer.GitHash(files["config.json"])}", message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_length_that_contradicts_the_listing_is_refused(int difference)
    {
        Faulty(int.MaxValue, _ => new HubReply(200, Weights) { DeclaredLength = Size + difference });
        Assert.Contains($"speaks of {Size + difference:N0} bytes where the file has {Size:N0}", (await bench.RefusedAsync(Name)).Message);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_at_the_files_length()
    {
        Faulty(int.MaxValue, _ => new HubReply(200, [.. Weights, .. Weights]) { DeclaredLength = -1 });
        Assert.Contains("more than the 300,000 bytes", (await bench.RefusedAsync(Name)).Message);
        Assert.Equal(0, new FileInfo(Partial).Length);
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(500, null, 1)]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names(int status, string? retryAfter, int seconds)
    {
        Faulty(1, _ =>
        {
            var reply = new HubReply(status, []);
            if (retryAfter is not null)
            {
                reply.Headers["Retry-After"] = retryAfter;
            }

            return reply;
        });
        await SucceedsAsync();
        Assert.Equal([seconds], bench.Clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task An_address_that_ran_out_is_asked_for_again()
    {
        Faulty(1, _ => new HubReply(403, []));
        await SucceedsAsync();
        Assert.Contains(bench.Notes, note => note.Contains("localhost, where the hub keeps it, answered 403"));
    }

    [Fact]
    public async Task A_wait_of_hours_is_not_waited_for()
    {
        Faulty(1, _ => new HubReply(429, []) { Headers = { ["Retry-After"] = "7200" } });
        Assert.Contains("asks to wait 120 minutes", (await bench.RefusedAsync(Name)).Message);
    }

    [Theory]
    [InlineData(401, null, "there is no such repository at")]
    [InlineData(401, "GatedRepo", "Accept their terms")]
    [InlineData(403, null, "access is forbidden")]
    [InlineData(403, "GatedRepo", "Accept their terms")]
    [InlineData(404, "RepoNotFound", "there is no such repository at")]
    [InlineData(404, "RevisionNotFound", "there is no such revision")]
    [InlineData(404, null, "nothing at that address")]
    [InlineData(418, null, "the server answered 418")]
    public async Task A_refusal_is_said_at_once(int status, string? code, string expected)
    {
        bench.Server.Mischief = _ => new HubReply(status, []) { Headers = { ["X-Error-Code"] = code ?? "" } };
        Assert.Contains(expected, (await bench.RefusedAsync(Name)).Message);
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task What_is_no_hub_is_said()
    {
        bench.Server.Mischief = _ => HubReply.Of("<html>It works!</html>");
        Assert.Contains("is no JSON", (await bench.RefusedAsync(Name)).Message);
        bench.Server.Mischief = _ => HubReply.Of("""{"sha": "../../../etc", "siblings": []}""");
        Assert.Contains("does not answer as a Hugging Face hub does", (await bench.RefusedAsync(Name)).Message);
        bench.Server.Mischief = _ => HubReply.Of($$"""{"sha": "{{commit}}", "siblings": [{"rfilename": "x.gguf", "size": 1, "blobId": "{{commit}}"}]}""");
        Assert.Contains("holds nothing that llamax reads", (await bench.RefusedAsync(Name)).Message);
        bench.Server.Mischief = _ => HubReply.Of($$"""{"sha": "{{commit}}", "siblings": [{"rfilename": "\ud800.json"}]}""");
        Assert.Contains("is no JSON", (await bench.RefusedAsync(Name)).Message);
    }

    [Theory]
    [InlineData("../../config.json")]
    [InlineData("/etc/config.json")]
    [InlineData("a/../../config.json")]
    [InlineData("..\\config.json")]
    [InlineData("C:config.json")]
    [InlineData("a//config.json")]
    [InlineData("a/./config.json")]
    [InlineData("a\u0000b")]
    public async Task A_file_that_leads_out_of_its_folder_is_refused(string path)
    {
        bench.Server.Listing = json => json.Replace("\"README.md\"", System.Text.Json.JsonSerializer.Serialize(path));
        Assert.Contains("leads out of the folder", (await bench.RefusedAsync(Name)).Message);
        Assert.False(Directory.Exists(bench.Settings.CacheFolder));
    }

    [Fact]
    public async Task No_connection_at_all_is_said_with_its_reason()
    {
        bench.Server.StopListening();
        var message = (await bench.RefusedAsync(Name)).Message;
        Assert.Contains("the connection failed", message);
        Assert.Contains("refused", message);
    }

    private bool IsWeights(HubRequest request) => request.Path == $"/cdn/{HubServer.Sha256(Weights)}";

    private string Partial => bench.InCache("models--org--small-model", "blobs", HubServer.Sha256(Weights) + ".incomplete");

    /// <summary>What a killed process left.</summary>
    private void Begin(int length, byte[]? content = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
        File.WriteAllBytes(Partial, (content ?? Weights)[..length]);
    }

    /// <summary>Answers so many requests for the weights in another way.</summary>
    private void Faulty(int times, Func<HubRequest, HubReply> reply) => bench.Server.Mischief = request =>
        IsWeights(request) && Interlocked.Increment(ref faults) <= times ? reply(request) : null;

    private async Task SucceedsAsync()
    {
        var pulled = await bench.PullAsync(Name);
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(pulled.Path, "model.safetensors")));
        Assert.Equal(commit, pulled.Commit);
    }

    /// <summary>Once what was sent is on disk, the time until a stall is over.</summary>
    private async Task PassOnceKeptAsync(long from)
    {
        while (!File.Exists(Partial) || new FileInfo(Partial).Length < from + 80_000)
        {
            await Task.Delay(5);
        }

        bench.Clock.PassLong();
    }
}
