using System.Text.Json;

namespace Llamax.Models.Hub.Listing;

/// <summary>The files of a repository at a commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">By their paths.</param>
internal sealed record RepositoryListing(string Commit, IReadOnlyDictionary<string, HubFile> Files)
{
    // Of Python's huggingface_hub (_tree_cache.py), which reads and writes the same files.
    private const int FormatVersion = 1;

    /// <summary>Reads what <c>/api/models/NAME/revision/REVISION?blobs=true</c> answers.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="source">The address, for messages.</param>
    /// <exception cref="LlamaxException">It is no such answer.</exception>
    public static RepositoryListing FromApi(ReadOnlyMemory<byte> json, string source) => Read(json, source, root =>
    {
        if (Text(root, "sha") is not { } commit || !RepositoryName.IsCommitHash(commit) || Member(root, "siblings") is not { ValueKind: JsonValueKind.Array } siblings)
        {
            throw new LlamaxException($"{source} does not answer as a Hugging Face hub does: expected an object with 'sha' and 'siblings'. Check HF_ENDPOINT.");
        }

        var files = new Dictionary<string, HubFile>(StringComparer.Ordinal);
        foreach (var sibling in siblings.EnumerateArray())
        {
            if (Text(sibling, "rfilename") is { } path)
            {
                var lfs = Member(sibling, "lfs");
                files.TryAdd(path, new HubFile(
                    path,
                    (lfs is { } stored ? Number(stored, "size") : null) ?? Number(sibling, "size"),
                    Text(sibling, "blobId"),
                    lfs is { } large ? Text(large, "sha256") ?? Text(large, "oid") : null));
            }
        }

        return new RepositoryListing(commit, files);
    });

    /// <summary>Reads a listing that this class or huggingface_hub saved.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="commit">The commit that it is about.</param>
    /// <returns>Null where it is of another version or damaged; the hub has it.</returns>
    public static RepositoryListing? FromCache(ReadOnlyMemory<byte> json, string commit)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (Number(document.RootElement, "format_version") != FormatVersion || Member(document.RootElement, "files") is not { ValueKind: JsonValueKind.Object } entries)
            {
                return null;
            }

            var files = new Dictionary<string, HubFile>(StringComparer.Ordinal);
            foreach (var entry in entries.EnumerateObject())
            {
                files[entry.Name] = new HubFile(
                    entry.Name,
                    Number(entry.Value, "lfs_size") ?? Number(entry.Value, "size"),
                    Text(entry.Value, "blob_id"),
                    Text(entry.Value, "lfs_sha256"));
            }

            return new RepositoryListing(commit, files);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return null;
        }
    }

    /// <summary>Writes what <see cref="FromCache"/> reads.</summary>
    public void WriteCache(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("format_version", FormatVersion);
        writer.WriteStartObject("files");
        foreach (var file in Files.Values.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            writer.WriteStartObject(file.Path);
            writer.WriteNumber("size", file.Size ?? 0);
            writer.WriteString("blob_id", file.GitId ?? "");
            if (file.Sha256 is not null)
            {
                writer.WriteString("lfs_sha256", file.Sha256);
                writer.WriteNumber("lfs_size", file.Size ?? 0);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The files that the shards' index names.</summary>
    /// <param name="json">The index.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <exception cref="LlamaxException">It is no index.</exception>
    public static IReadOnlyCollection<string> ShardsOf(ReadOnlyMemory<byte> json, string source) => Read(json, source, root =>
    {
        var shards = new SortedSet<string>(StringComparer.Ordinal);
        if (Member(root, "weight_map") is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var entry in map.EnumerateObject())
            {
                shards.Add(entry.Value.ValueKind == JsonValueKind.String
                    ? entry.Value.GetString()!
                    : throw new LlamaxException($"{source}: '{entry.Name}' names no file."));
            }
        }

        return shards.Count > 0 ? shards : throw new LlamaxException($"{source} names no weights: expected a 'weight_map' from tensors to files.");
    });

    private static T Read<T>(ReadOnlyMemory<byte> json, string source, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            throw new LlamaxException($"{source} is no JSON ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>The second is what half a surrogate pair in a string gives.</summary>
    private static bool IsMalformed(Exception exception) => exception is JsonException or InvalidOperationException;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
