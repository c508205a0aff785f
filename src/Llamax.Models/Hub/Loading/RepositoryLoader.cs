using Llamax.Models.Hub.Cache;
using Llamax.Models.Hub.Http;
using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Loading;

/// <summary>Brings the files of a repository into the cache.</summary>
internal sealed class RepositoryLoader(HubApi api, BlobLoader loader, HubCache cache, HubSettings settings, IPullProgress progress, TimeProvider clock, FreeSpace space)
{
    // What nobody gave the length of: more is hardly a model, and less would refuse one.
    private const long LargestFile = 1L << 40;

    /// <summary>Loads what is missing of a plan, and names the commit by the plan's revision.</summary>
    public async Task LoadAsync(RepositoryPlan plan, CancellationToken cancellationToken)
    {
        var (name, commit) = (plan.Name, plan.Listing.Commit);
        var contents = plan.Files.GroupBy(file => file.BlobName!).Select(group => group.ToList()).OrderByDescending(files => files[0].Size ?? 0).ToList();
        var missing = contents.Select(files => files[0]).Where(file => !cache.HoldsContent(name, file)).ToList();
        var (bytes, present) = (missing.Sum(file => file.Size ?? 0), missing.Sum(file => Math.Min(FreeSpace.LengthOf(Partial(name, file)), file.Size ?? long.MaxValue)));
        space.Check(settings.CacheFolder, bytes - present, name.ToString());
        progress.Planned(missing.Count, bytes, present);
        if (missing.FindAll(file => file.Digest is null) is { Count: > 0 } unknown)
        {
            progress.Note($"{name}: the hub gives no hash of {string.Join(", ", unknown.Select(file => file.Path))}, so only the length is checked");
        }

        using (await LockAsync(name, commit, cancellationToken).ConfigureAwait(false))
        {
            cache.Save(name, plan.Listing);
        }

        await Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = settings.ParallelFiles, CancellationToken = cancellationToken }, async (files, token) =>
        {
            await LoadAsync(name, commit, files[0], files[0].Size ?? LargestFile, token).ConfigureAwait(false);
            foreach (var file in files)
            {
                cache.Link(name, commit, file);
            }
        }).ConfigureAwait(false);
        using (await LockAsync(name, commit, cancellationToken).ConfigureAwait(false))
        {
            cache.SaveReference(name, commit);
        }
    }

    /// <summary>Loads the index of a model's shards into the cache and reads it.</summary>
    public async Task<ReadOnlyMemory<byte>?> LoadIndexAsync(RepositoryName name, RepositoryListing listing, HubFile file, CancellationToken cancellationToken)
    {
        var index = file.IsDescribed ? file : await api.DescribeAsync(name, listing.Commit, file, cancellationToken).ConfigureAwait(false);
        if (index.Size > HubApi.LargestIndex)
        {
            throw new LlamaxException($"{name}/{file.Path} has {index.Size:N0} bytes, and no index of shards has more than {HubApi.LargestIndex >> 20} MiB. Check HF_ENDPOINT.");
        }

        await LoadAsync(name, listing.Commit, index, HubApi.LargestIndex, cancellationToken).ConfigureAwait(false);
        return await File.ReadAllBytesAsync(cache.Blob(name, index), cancellationToken).ConfigureAwait(false);
    }

    private Task<string?> LoadAsync(RepositoryName name, string commit, HubFile file, long limit, CancellationToken cancellationToken) => loader.LoadAsync(
        new BlobSource($"{name}/{file.Path}", api.Address(name, commit, file.Path), file.Size, file.Digest, limit),
        cache.Blob(name, file), Partial(name, file), cache.Lock(name, file.BlobName!), cancellationToken);

    /// <summary>The name by which Python's huggingface_hub finds and leaves the beginning of a file.</summary>
    private string Partial(RepositoryName name, HubFile file) => cache.Blob(name, file) + ".incomplete";

    private Task<CacheLock> LockAsync(RepositoryName name, string commit, CancellationToken cancellationToken) =>
        CacheLock.TakeAsync(cache.Lock(name, commit), clock, () => { }, cancellationToken);
}
