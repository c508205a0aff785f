using System.Security.Cryptography;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Recipes.Stages;

/// <summary>
/// SHA-256 of files, remembered by size and time of last change so that a second run need not read them again. The
/// memory is a file of the run folder; without it everything is read once more.
/// </summary>
internal sealed class FileHashes
{
    private readonly string cacheFile;
    private readonly Dictionary<string, Entry> entries;
    private bool isChanged;

    public FileHashes(string cacheFile)
    {
        this.cacheFile = cacheFile;
        entries = Read(cacheFile);
    }

    /// <summary>The SHA-256 of a file in lower-case hexadecimal, or null where there is no such file.</summary>
    public string? Of(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            return null;
        }

        if (entries.TryGetValue(info.FullName, out var known) && known.Size == info.Length && known.Changed == info.LastWriteTimeUtc.Ticks)
        {
            return known.Sha256;
        }

        using var stream = info.OpenRead();
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        entries[info.FullName] = new Entry(info.Length, info.LastWriteTimeUtc.Ticks, hash);
        isChanged = true;
        return hash;
    }

    /// <summary>Writes the memory back where something was added.</summary>
    public void Save()
    {
        if (isChanged)
        {
            AtomicFile.Write(cacheFile, stream => JsonSerializer.Serialize(stream, entries.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary()));
            isChanged = false;
        }
    }

    private static Dictionary<string, Entry> Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<Dictionary<string, Entry>>(stream) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return []; // No memory is no loss.
        }
    }

    private sealed record Entry(long Size, long Changed, string Sha256);
}
