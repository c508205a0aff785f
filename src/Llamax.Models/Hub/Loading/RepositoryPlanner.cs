using Llamax.Models.Hub.Cache;
using Llamax.Models.Hub.Http;
using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Loading;

/// <summary>Finds out which files of a repository are needed.</summary>
internal sealed class RepositoryPlanner(HubApi api, HubCache cache, HubSettings settings, IPullProgress progress)
{
    private const int ShownFiles = 8;

    /// <summary>Reads the index of a model's shards; null where it is not to be had.</summary>
    internal delegate Task<ReadOnlyMemory<byte>?> IndexReader(RepositoryListing listing, HubFile index);

    /// <summary>Plans a pull; the hub is not asked where the cache knows all.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="wanted">The files wanted; null for those that a model needs.</param>
    /// <param name="readIndex">Gets the index of a model's shards from the hub.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LlamaxException">The repository or something of it cannot be had.</exception>
    public async Task<RepositoryPlan> PlanAsync(
        RepositoryName name, IReadOnlyList<string>? wanted, IndexReader readIndex, CancellationToken cancellationToken)
    {
        if ((name.IsCommit || settings.Offline) && await PlanFromCacheAsync(cache, settings, name, wanted).ConfigureAwait(false) is { } cached)
        {
            return cached;
        }

        if (settings.Offline)
        {
            throw new LlamaxException(
                $"{name} is not in {settings.CacheFolder}, or not all of it, and HF_HUB_OFFLINE forbids asking {settings.Endpoint}. Unset HF_HUB_OFFLINE to load it.");
        }

        var listing = await api.ListAsync(name, cancellationToken).ConfigureAwait(false);
        var files = await SelectAsync(name, listing, wanted, readIndex).ConfigureAwait(false);
        if (files!.Any(file => !file.IsDescribed))
        {
            var described = new HubFile[files!.Count];
            await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = settings.ParallelFiles, CancellationToken = cancellationToken }, async (index, token) =>
                described[index] = files[index].IsDescribed ? files[index] : await api.DescribeAsync(name, listing.Commit, files[index], token).ConfigureAwait(false)).ConfigureAwait(false);
            files = described;
        }

        if (!name.IsDataset && wanted is null && FileSelection.WeightsOf(listing.Files.Keys) is null)
        {
            progress.Note($"{name} holds no weights that llamax reads; only its configuration and tokenizer are taken");
        }

        return new RepositoryPlan(name, listing, files!, IsFromCache: false);
    }

    /// <summary>Plans with what is in the cache; null where something is missing there.</summary>
    public static async Task<RepositoryPlan?> PlanFromCacheAsync(HubCache cache, HubSettings settings, RepositoryName name, IReadOnlyList<string>? wanted)
    {
        if (cache.Commit(name) is not { } commit)
        {
            return null;
        }

        var saved = cache.Listing(name, commit);
        var listing = saved ?? (settings.Offline ? cache.SnapshotListing(name, commit) : null);
        if (listing is null || listing.Files.Count == 0
            || saved is null && (name.IsDataset || wanted is null && FileSelection.WeightsOf(listing.Files.Keys) is null))
        {
            return null;
        }

        var files = await SelectAsync(name, listing, wanted, async (_, index) =>
            cache.Holds(name, commit, index) ? await File.ReadAllBytesAsync(cache.Pointer(name, commit, index.Path)).ConfigureAwait(false) : null).ConfigureAwait(false);
        return files is not null && files.All(file => cache.Holds(name, commit, file)) ? new RepositoryPlan(name, listing, files, IsFromCache: true) : null;
    }

    /// <summary>The files that are needed; null where the index that names them is not to be had.</summary>
    private static async Task<IReadOnlyList<HubFile>?> SelectAsync(
        RepositoryName name, RepositoryListing listing, IReadOnlyList<string>? wanted, IndexReader readIndex)
    {
        var all = listing.Files;
        if (wanted is not null || name.IsDataset)
        {
            return [.. (wanted ?? FileSelection.OfDataset(all.Keys)).Select(path => all.GetValueOrDefault(path)
                ?? throw new LlamaxException($"{name} does not hold {path}, which is needed of it."))];
        }

        var paths = new SortedSet<string>(FileSelection.CompanionsOf(all.Keys), StringComparer.Ordinal);
        if (FileSelection.WeightsOf(all.Keys) is { } weights)
        {
            paths.Add(weights);
            if (FileSelection.IsIndex(weights))
            {
                if (await readIndex(listing, all[weights]).ConfigureAwait(false) is not { } index)
                {
                    return null;
                }

                foreach (var shard in RepositoryListing.ShardsOf(index, $"{name}/{weights}"))
                {
                    paths.Add(all.ContainsKey(shard)
                        ? shard
                        : throw new LlamaxException($"{name}/{weights} names '{HubPath.Printable(shard)}', which the repository does not hold. Nothing of it can be used without."));
                }
            }
        }

        return paths.Count > 0 ? [.. paths.Select(path => all[path])] : throw new LlamaxException(
            $"{name} holds nothing that llamax reads: expected config.json, a tokenizer, model.safetensors or pytorch_model.bin. It holds "
            + $"{(all.Count == 0 ? "no file" : string.Join(", ", all.Keys.Take(ShownFiles).Select(HubPath.Printable)) + (all.Count > ShownFiles ? $" and {all.Count - ShownFiles} more" : ""))}. For a data set, write datasets/{name}.");
    }
}
