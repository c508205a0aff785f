using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Http;

/// <summary>What a hub is asked besides the files themselves.</summary>
internal sealed class HubApi(HubConnection connection, HubSettings settings, IPullProgress progress, TimeProvider clock)
{
    /// <summary>The most bytes that the index of a model's shards is believed to have.</summary>
    public const int LargestIndex = 1 << 26;

    private const int LargestListing = 1 << 27;

    /// <summary>Where a file of a repository is.</summary>
    public Uri Address(RepositoryName name, string commit, string path) =>
        new($"{settings.Endpoint}/{name.AddressPrefix}{name.Id}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>The files of a repository, none of whose names leads out of its folder.</summary>
    public async Task<RepositoryListing> ListAsync(RepositoryName name, CancellationToken cancellationToken)
    {
        var address = new Uri($"{settings.Endpoint}/api/{(name.IsDataset ? "datasets" : "models")}/{name.Id}/revision/{Uri.EscapeDataString(name.Revision)}?blobs=true");
        var json = await ReadAsync(name.ToString(), address, LargestListing, cancellationToken).ConfigureAwait(false);
        var listing = RepositoryListing.FromApi(json, address.ToString());
        foreach (var path in listing.Files.Keys)
        {
            HubPath.Check(path, $"{name} at {settings.Endpoint}", OperatingSystem.IsWindows());
        }

        return listing;
    }

    /// <summary>The index of a model's shards, read without being kept.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadIndexAsync(RepositoryName name, string commit, HubFile file, CancellationToken cancellationToken)
    {
        var content = await ReadAsync($"{name}/{file.Path}", Address(name, commit, file.Path), LargestIndex, cancellationToken).ConfigureAwait(false);
        if (file.Digest is not { } digest)
        {
            return content;
        }

        using var stream = new MemoryStream(content.ToArray());
        var found = digest.IsSha256 ? Convert.ToHexStringLower(SHA256.HashData(content.Span)) : BlobDigest.GitHash(stream);
        return found == digest.Hex
            ? content
            : throw new LlamaxException($"{name}/{file.Path}: the server sent wrong bytes: expected {digest.Name} {digest.Hex}, found {found}. Run the same command again, or check HF_ENDPOINT.");
    }

    /// <summary>Asks for what the listing did not say of a file: its tag, which names its content, and its length.</summary>
    public async Task<HubFile> DescribeAsync(RepositoryName name, string commit, HubFile file, CancellationToken cancellationToken)
    {
        var (tag, size) = await HeadAsync($"{name}/{file.Path}", Address(name, commit, file.Path), cancellationToken).ConfigureAwait(false);
        var described = file with { Tag = HubResponse.Bare(tag), Size = file.Size ?? size };
        return described.IsDescribed ? described : throw new LlamaxException(
            $"{name}/{file.Path}: the hub gives no entity tag by which the file could be known. Check HF_ENDPOINT.");
    }

    /// <summary>A file's entity tag and length, where the server gives them.</summary>
    public Task<(string? Tag, long? Size)> HeadAsync(string what, Uri address, CancellationToken cancellationToken) =>
        new Retries(what, settings, clock, progress.Note).RunAsync(() => GuardedAsync(async guard =>
        {
            using var response = await connection.SendAsync(HttpMethod.Head, address, null, null, guard.Token).ConfigureAwait(false);
            if (response is { LinkedTag: not null, LinkedSize: not null })
            {
                return (response.LinkedTag, response.LinkedSize);
            }

            if (response.Message.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            {
                return (null, null);
            }

            Answers.Check(response.Message, what, address, settings, clock);
            var length = HubResponse.Header(response.Message, "Content-Length");
            return (response.LinkedTag ?? response.Tag,
                response.LinkedSize ?? (long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null));
        }, cancellationToken), cancellationToken);

    private Task<ReadOnlyMemory<byte>> ReadAsync(string what, Uri address, int limit, CancellationToken cancellationToken) =>
        new Retries(what, settings, clock, progress.Note).RunAsync(() => GuardedAsync<ReadOnlyMemory<byte>>(async guard =>
        {
            using var response = await connection.SendAsync(HttpMethod.Get, address, null, null, guard.Token).ConfigureAwait(false);
            Answers.Check(response.Message, what, address, settings, clock);
            using var content = new MemoryStream();
            var buffer = new byte[1 << 16];
            var body = await response.Message.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                for (int count; (count = await body.ReadAsync(buffer, guard.Token).ConfigureAwait(false)) > 0; guard.Renew())
                {
                    content.Write(buffer, 0, count);
                    if (content.Length > limit)
                    {
                        throw new LlamaxException($"{what}: the answer of {address} is longer than {limit >> 20} MiB. Check HF_ENDPOINT.");
                    }
                }
            }

            return content.ToArray();
        }, cancellationToken), cancellationToken);

    private async Task<T> GuardedAsync<T>(Func<StallGuard, Task<T>> work, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(settings.StallTimeout, clock, cancellationToken);
        try
        {
            return await work(guard).ConfigureAwait(false);
        }
        catch (Exception exception) when (guard.IsTransient(exception))
        {
            throw guard.Transient(exception);
        }
    }
}
