using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Llamax.Testing.Hub;

/// <summary>
/// A hub on this machine: repositories with small files from the hub itself and large ones from another host, by the
/// routes and headers of the real one, and whatever mischief a test asks for.
/// </summary>
internal sealed class HubServer : IDisposable
{
    private const int PieceSize = 1 << 14;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, Repository> repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> contents = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HubRequest> requests = new();
    private long bytesSent;

    public HubServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>The same server by another name, as a content delivery network would be.</summary>
    public string OtherHost => $"http://localhost:{Port}";

    public IReadOnlyCollection<HubRequest> Requests => requests;

    public IEnumerable<HubRequest> Loads => requests.Where(request => request.Method == "GET" && !request.Path.StartsWith("/api/", StringComparison.Ordinal));

    /// <summary>Bytes of bodies that were handed to the system; what a client that went away did not read is among them.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>Answers instead of the hub where it gives an answer.</summary>
    public Func<HubRequest, HubReply?> Mischief { get; set; } = _ => null;

    /// <summary>Changes what the listing says.</summary>
    public Func<string, string> Listing { get; set; } = json => json;

    /// <summary>Waits between the pieces of large files.</summary>
    public TimeSpan Pause { get; set; }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitHash(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Adds a repository; files that are large lie on the other host.</summary>
    public string Add(string id, IReadOnlyDictionary<string, byte[]> files, int largeFrom = 1 << 12)
    {
        var commit = Sha256(Encoding.UTF8.GetBytes(id + string.Concat(files.Select(file => file.Key + Sha256(file.Value)))))[..40];
        repositories[id] = new Repository(commit, files, largeFrom);
        foreach (var content in files.Values.Where(content => content.Length >= largeFrom))
        {
            contents[Sha256(content)] = content;
        }

        return commit;
    }

    public void StopListening() => listener.Stop();

    public void Dispose()
    {
        stopping.Cancel();
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync(stopping.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.SendBufferSize = 1 << 14;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadAsync(stream) is { } request)
            {
                requests.Enqueue(request);
                var reply = Mischief(request) ?? Answer(request);
                if (!await SendAsync(socket, stream, request, reply))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<HubRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, stopping.Token) == 0)
            {
                return null;
            }

            text.Append((char)buffer[0]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        return new HubRequest(first[0], first[1], lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase));
    }

    private async Task<bool> SendAsync(Socket socket, NetworkStream stream, HubRequest request, HubReply reply)
    {
        var length = reply.DeclaredLength ?? reply.Body.Length;
        var head = $"HTTP/1.1 {reply.Status} Some Reason\r\n" + (length >= 0 && !reply.Headers.ContainsKey("Content-Length") ? $"Content-Length: {length}\r\n" : "")
            + string.Concat(reply.Headers.Select(pair => $"{pair.Key}: {pair.Value}\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), stopping.Token);
        var body = request.Method == "HEAD" ? default : reply.Body.AsMemory(0, Math.Min(reply.SendOnly ?? reply.Body.Length, reply.Body.Length));
        for (var sent = 0; sent < body.Length; sent += PieceSize)
        {
            var piece = body.Slice(sent, Math.Min(PieceSize, body.Length - sent));
            await stream.WriteAsync(piece, stopping.Token);
            Interlocked.Add(ref bytesSent, piece.Length);
            if (reply.Pause > TimeSpan.Zero)
            {
                await Task.Delay(reply.Pause, stopping.Token);
            }
        }

        reply.Sent?.Invoke();
        switch (reply.Ending)
        {
            case HubEnding.Reset:
                await Task.Delay(50, stopping.Token); // A reset takes back what the other side has not read yet.
                socket.LingerState = new LingerOption(true, 0);
                return false;
            case HubEnding.Stall:
                await Task.Delay(Timeout.Infinite, stopping.Token);
                return false;
            default:
                return reply.Ending == HubEnding.Regular && length >= 0;
        }
    }

    private HubReply Answer(HubRequest request)
    {
        var path = request.Path;
        if (path.StartsWith("/cdn/", StringComparison.Ordinal) && contents.TryGetValue(path["/cdn/".Length..], out var large))
        {
            return HubReply.File(request, large, $"\"{path.Length}-of-the-cdn-{path[^8..]}\"") with { Pause = Pause };
        }

        foreach (var (id, repository) in repositories)
        {
            var isDataset = id.StartsWith("datasets/", StringComparison.Ordinal);
            if (path.StartsWith($"/api/{(isDataset ? "" : "models/")}{id}/revision/", StringComparison.Ordinal))
            {
                var revision = path[(path.IndexOf("/revision/", StringComparison.Ordinal) + "/revision/".Length)..];
                return revision == "main" || revision == repository.Commit
                    ? HubReply.Of(Listing(Describe(repository)))
                    : new HubReply(404, []) { Headers = { ["X-Error-Code"] = "RevisionNotFound" } };
            }

            var resolve = $"/{id}/resolve/{repository.Commit}/";
            if (path.StartsWith(resolve, StringComparison.Ordinal) && repository.Files.TryGetValue(path[resolve.Length..], out var content))
            {
                return Resolve(request, repository, content);
            }
        }

        return new HubReply(404, []) { Headers = { ["X-Error-Code"] = path.StartsWith("/api/", StringComparison.Ordinal) ? "RepoNotFound" : "EntryNotFound" } };
    }

    private HubReply Resolve(HubRequest request, Repository repository, byte[] content)
    {
        if (content.Length < repository.LargeFrom)
        {
            var small = HubReply.File(request, content, $"\"{GitHash(content)}\"");
            small.Headers["X-Repo-Commit"] = repository.Commit;
            return small;
        }

        var redirect = HubReply.Redirect($"{OtherHost}/cdn/{Sha256(content)}?signature=1");
        redirect.Headers["X-Repo-Commit"] = repository.Commit;
        redirect.Headers["X-Linked-Etag"] = $"\"{Sha256(content)}\"";
        redirect.Headers["X-Linked-Size"] = $"{content.Length}";
        return redirect;
    }

    private static string Describe(Repository repository) => JsonSerializer.Serialize(new
    {
        id = "of no matter",
        sha = repository.Commit,
        siblings = repository.Files.Select(file => file.Value.Length < repository.LargeFrom
            ? (object)new { rfilename = file.Key, size = file.Value.Length, blobId = GitHash(file.Value) }
            : new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = GitHash(Encoding.UTF8.GetBytes("pointer to " + Sha256(file.Value))),
                lfs = new { sha256 = Sha256(file.Value), size = file.Value.Length, pointerSize = 134 },
            }),
    });

    private sealed record Repository(string Commit, IReadOnlyDictionary<string, byte[]> Files, int LargeFrom);
}
