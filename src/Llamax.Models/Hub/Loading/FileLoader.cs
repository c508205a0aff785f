using System.Security.Cryptography;
using System.Text;
using Llamax.Models.Hub.Catalog;
using Llamax.Models.Hub.Http;
using Llamax.Models.Hub.Listing;
using Llamax.Text.Files;

namespace Llamax.Models.Hub.Loading;

/// <summary>Brings a file of the catalog from its own address into the folder of downloads.</summary>
internal sealed class FileLoader(HubApi api, BlobLoader loader, HubSettings settings, IPullProgress progress, FreeSpace space)
{
    /// <summary>Where a file of the catalog lies once it is loaded.</summary>
    public static string PathOf(HubSettings settings, CatalogEntry entry) => Path.Combine(settings.DownloadsFolder, entry.Name, entry.File!);

    /// <summary>Loads a file, unless it is there.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="dryRun">Whether it is only said what would be loaded.</param>
    /// <param name="cancellationToken">Ends it; what was loaded is kept.</param>
    public async Task<Pulled> PullAsync(CatalogEntry entry, bool dryRun, CancellationToken cancellationToken)
    {
        var target = PathOf(settings, entry);
        var isThere = File.Exists(target);
        if (isThere && FileStamp.Of(target).Length is var present && (entry.Size ?? present) == present)
        {
            return Result(present, entry.Sha256, wasThere: true);
        }

        if (settings.Offline)
        {
            throw new LlamaxException($"{entry.Name} is not in {settings.DownloadsFolder}{(isThere ? $" with its {entry.Size:N0} bytes" : "")}, and HF_HUB_OFFLINE forbids asking {entry.Address!.Host}. Unset HF_HUB_OFFLINE to load it.");
        }

        var (tag, length) = await api.HeadAsync(entry.Name, entry.Address!, cancellationToken).ConfigureAwait(false);
        if (entry.Size is { } known && length is { } told && known != told)
        {
            throw new LlamaxException($"{entry.Name}: {entry.Address} has {told:N0} bytes now, and the file that is meant has {known:N0}. It was replaced there, or something on the way answers in its place.");
        }

        if (entry.Size is null && length > entry.Limit)
        {
            throw new LlamaxException($"{entry.Name}: the server speaks of {length:N0} bytes; more than {entry.Limit:N0} are not taken.");
        }

        var size = entry.Size ?? length;
        if (dryRun)
        {
            return Result(size, entry.Sha256, wasThere: false);
        }

        var partial = Partial(entry, target, tag, size);
        var begun = FreeSpace.LengthOf(partial);
        space.Check(Path.GetDirectoryName(target)!, (size ?? 0) - begun, entry.Name);
        progress.Planned(1, size ?? 0, begun);
        var digest = BlobDigest.Parse(entry.Sha256);
        var source = new BlobSource(entry.Name, entry.Address!, size, digest, entry.Size ?? entry.Limit, digest is null ? tag : null) { Prepare = () => RemoveStale(entry, target, partial, tag) };
        var hash = await loader.LoadAsync(source, target, partial, target + ".lock", cancellationToken).ConfigureAwait(false);
        if (entry.Sha256 is null && hash is not null)
        {
            progress.Note($"{entry.Name}: no SHA-256 of it is known for certain; this one has {hash}");
        }

        return Result(FileStamp.Of(target).Length, hash ?? entry.Sha256, wasThere: hash is null);

        Pulled Result(long? bytes, string? sha256, bool wasThere) =>
            new(entry.Name, target, null, [new PulledFile(entry.File!, bytes, sha256, null, wasThere)]);
    }

    /// <summary>
    /// Where the beginning of the file is kept. What will be known by its hash may be put together from any attempts; the
    /// beginning of anything else counts only while the server gives the file the same tag and length.
    /// </summary>
    private static string Partial(CatalogEntry entry, string target, string? tag, long? size)
    {
        if (entry.Sha256 is not null)
        {
            return target + ".incomplete";
        }

        var version = tag is null ? "unknown" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tag} {size}")))[..16];
        return $"{target}.{version}.incomplete";
    }

    /// <summary>Removes beginnings that count no longer. Only who holds the lock may: they could be another's, who is at it.</summary>
    private static void RemoveStale(CatalogEntry entry, string target, string partial, string? tag)
    {
        if (entry.Sha256 is null)
        {
            foreach (var old in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"{entry.File}.*.incomplete").Where(old => tag is null || old != partial))
            {
                File.Delete(old);
            }
        }
    }
}
