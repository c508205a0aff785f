using System.Collections.Concurrent;
using Llamax.Models.Hub;
using Llamax.Models.Hub.Catalog;
using Llamax.Models.Hub.Loading;
using Llamax.Testing;
using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>A hub, an empty cache and a clock that does not keep anybody waiting.</summary>
internal sealed class PullBench : IPullProgress, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private long advanced;

    public PullBench() => Settings = new HubSettings
    {
        Endpoint = Server.Endpoint,
        CacheFolder = folder.File("hub"),
        DownloadsFolder = folder.File("downloads"),
        StallTimeout = TimeSpan.FromHours(1),
    };

    public HubServer Server { get; } = new();

    public SwiftClock Clock { get; } = new();

    public HubSettings Settings { get; set; }

    public Func<string, long> FreeBytes { get; set; } = _ => long.MaxValue;

    public Func<string, CatalogEntry?> Catalog { get; set; } = _ => null;

    public ConcurrentQueue<string> Notes { get; } = new();

    /// <summary>Bytes that were kept.</summary>
    public long Kept => Interlocked.Read(ref advanced);

    public Action<long> OnAdvanced { get; set; } = _ => { };

    public async Task<Pulled> PullAsync(string name, CancellationToken cancellationToken = default)
    {
        using var puller = Puller();
        return (await puller.PullAsync(name, cancellationToken: cancellationToken))[0];
    }

    public Puller Puller() => new(Settings, this, Clock, new FreeSpace(FreeBytes), Catalog);

    public Task<LlamaxException> RefusedAsync(string name) => Assert.ThrowsAsync<LlamaxException>(() => PullAsync(name));

    /// <summary>A path in the cache.</summary>
    public string InCache(params string[] parts) => Path.Combine([Settings.CacheFolder, .. parts]);

    /// <summary>Content by file, of a snapshot.</summary>
    public static Dictionary<string, byte[]> Read(string snapshot) => Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(snapshot, file), File.ReadAllBytes);

    public void Planned(int files, long bytes, long present)
    {
    }

    public void Advanced(long bytes)
    {
        Interlocked.Add(ref advanced, bytes);
        OnAdvanced(bytes);
    }

    /// <summary>The files that came and could not be checked.</summary>
    public ConcurrentQueue<string> Unchecked { get; } = new();

    public void Finished(string file, bool isChecked)
    {
        if (!isChecked)
        {
            Unchecked.Enqueue(file);
        }
    }

    public void Note(string text) => Notes.Enqueue(text);

    public void Dispose()
    {
        Server.Dispose();
        folder.Dispose();
    }
}
