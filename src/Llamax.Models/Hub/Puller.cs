using Llamax.Models.Hub.Cache;
using Llamax.Models.Hub.Catalog;
using Llamax.Models.Hub.Http;
using Llamax.Models.Hub.Listing;
using Llamax.Models.Hub.Loading;

namespace Llamax.Models.Hub;

/// <summary>
/// Brings models, tokenizers and data sets from a Hugging Face-compatible hub, and a few files from addresses of their
/// own, into the cache that Python's huggingface_hub uses: resumed, side by side, checked.
/// </summary>
public sealed class Puller : IDisposable
{
    private readonly HubConnection connection;
    private readonly RepositoryPlanner planner;
    private readonly RepositoryLoader repositories;
    private readonly FileLoader files;
    private readonly HubApi api;
    private readonly HubCache cache;
    private readonly Func<string, CatalogEntry?> catalog;

    /// <summary>Prepares; nothing is asked yet.</summary>
    /// <param name="settings">Which hub, which cache.</param>
    /// <param name="progress">Hears how it goes on.</param>
    public Puller(HubSettings settings, IPullProgress? progress = null)
        : this(settings, progress ?? new Silence(), TimeProvider.System, new FreeSpace(), DownloadCatalog.Find)
    {
    }

    internal Puller(HubSettings settings, IPullProgress progress, TimeProvider clock, FreeSpace space, Func<string, CatalogEntry?> catalog)
    {
        this.catalog = catalog;
        connection = new HubConnection(settings);
        cache = new HubCache(settings.CacheFolder);
        api = new HubApi(connection, settings, progress, clock);
        var loader = new BlobLoader(connection, settings, progress, clock);
        planner = new RepositoryPlanner(api, cache, settings, progress);
        repositories = new RepositoryLoader(api, loader, cache, settings, progress, clock, space);
        files = new FileLoader(api, loader, settings, progress, space);
    }

    /// <summary>Brings what a name stands for.</summary>
    /// <param name="name">A repository as in <see cref="RepositoryName.Parse"/>, or a name of <see cref="DownloadCatalog"/>.</param>
    /// <param name="dryRun">Whether it is only found out what would be loaded.</param>
    /// <param name="cancellationToken">Ends it; what was loaded is kept, and the next pull goes on from there.</param>
    /// <returns>What the name stands for first, then what else it needs.</returns>
    /// <exception cref="LlamaxException">Something cannot be had, is not what it should be, or cannot be written.</exception>
    public async Task<IReadOnlyList<Pulled>> PullAsync(string name, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        if (catalog(name) is not { } entry)
        {
            return [await PullAsync(RepositoryName.Parse(name), null, dryRun, cancellationToken).ConfigureAwait(false)];
        }

        if (entry.Repositories is null)
        {
            return [await files.PullAsync(entry, dryRun, cancellationToken).ConfigureAwait(false)];
        }

        var pulled = new List<Pulled>();
        foreach (var repository in entry.Repositories)
        {
            pulled.Add(await PullAsync(RepositoryName.Parse(repository.Name), repository, dryRun, cancellationToken).ConfigureAwait(false));
        }

        return pulled;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private async Task<Pulled> PullAsync(RepositoryName name, CatalogRepository? known, bool dryRun, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(name, known?.Files, async (listing, index) => dryRun
            ? await api.ReadIndexAsync(name, listing.Commit, index, cancellationToken).ConfigureAwait(false)
            : await repositories.LoadIndexAsync(name, listing, index, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (known?.Sha256 is { } hashes)
        {
            plan = plan with { Files = [.. plan.Files.Select(file => hashes.TryGetValue(file.Path, out var hash) ? Pinned(plan, file, hash) : file)] };
        }

        var result = plan.Files.Select(file => new PulledFile(
            file.Path,
            file.Size,
            file.Digest is { IsSha256: true } large ? large.Hex : null,
            file.Digest is { IsSha256: false } small ? small.Hex : null,
            plan.IsFromCache || cache.HoldsContent(name, file))).ToList();
        if (!dryRun && !plan.IsFromCache)
        {
            await repositories.LoadAsync(plan, cancellationToken).ConfigureAwait(false);
        }

        return new Pulled(name.ToString(), cache.Snapshot(name, plan.Listing.Commit), plan.Listing.Commit, result);
    }

    /// <summary>A file with the hash that it is known to have. What lies in the cache may have come from a hub that gave none.</summary>
    private HubFile Pinned(RepositoryPlan plan, HubFile file, string hash)
    {
        var name = plan.Name;
        if (file.Digest is { IsSha256: true } digest && digest.Hex != hash)
        {
            throw new LlamaxException($"{name}/{file.Path} has the SHA-256 {digest.Hex} at the hub, and the file that is meant has {hash}. Check HF_ENDPOINT; `llamax pull {name}` takes it as it is.");
        }

        if (plan.IsFromCache && !cache.Has(name, plan.Listing.Commit, file.Path, hash))
        {
            throw new LlamaxException($"{name}/{file.Path} has not the SHA-256 {hash} of the file that is meant. Remove {cache.Pointer(name, plan.Listing.Commit, file.Path)} and load it again.");
        }

        return file with { Sha256 = hash };
    }

    private sealed class Silence : IPullProgress
    {
        public void Planned(int files, long bytes, long present)
        {
        }

        public void Advanced(long bytes)
        {
        }

        public void Finished(string file, bool isChecked)
        {
        }

        public void Note(string text)
        {
        }
    }
}
