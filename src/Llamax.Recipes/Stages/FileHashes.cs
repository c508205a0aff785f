using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Recipes.Stages;

/// <summary>
/// SHA-256 of files, remembered by size and time of last change so that a second run need not read them again. The
/// memory is a file of the run folder; without it everything is read once more. Thread-safe.
/// </summary>
internal sealed class FileHashes
{
    private const int BlockBytes = 1 << 20;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(10);

    private readonly string cacheFile;
    private readonly ConcurrentDictionary<string, Entry> entries;
    private volatile bool isChanged;

    public FileHashes(string cacheFile)
    {
        this.cacheFile = cacheFile;
        entries = Read(cacheFile);
    }

    /// <summary>
    /// Reads the files that are not remembered, several at once, and saves what it has from time to time: of terabytes, a
    /// stop costs little. Files that are not there are left to <see cref="Of"/>.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="threads">Files at once; 0 for one per core.</param>
    /// <param name="report">Told by the calling thread, from time to time, the bytes that were read and those of all.</param>
    /// <param name="cancellation">Ends the reading; what was read is remembered.</param>
    public void Prepare(IEnumerable<string> files, int threads, Action<long, long> report, CancellationToken cancellation)
    {
        List<Content> unknown = [.. files.Distinct(StringComparer.Ordinal).Where(File.Exists).Select(Content.Of).Where(file => Known(file) is null).OrderByDescending(file => file.Stamp.Length)];
        var (done, total, saved) = (0L, unknown.Sum(file => file.Stamp.Length), Environment.TickCount64);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = stop.Token };
        var work = Task.Run(
            () => Parallel.ForEach(Partitioner.Create(unknown, EnumerablePartitionerOptions.NoBuffering), parallel, file => Remember(file, bytes => Interlocked.Add(ref done, bytes), parallel.CancellationToken)),
            CancellationToken.None);
        try
        {
            while (Task.WaitAny([work], BetweenReports) < 0)
            {
                report(Interlocked.Read(ref done), total);
                if (Environment.TickCount64 - saved > BetweenSaves.TotalMilliseconds)
                {
                    Save();
                    saved = Environment.TickCount64;
                }
            }

            work.GetAwaiter().GetResult();
        }
        catch (AggregateException exception)
        {
            throw exception.InnerExceptions[0];
        }
        finally
        {
            stop.Cancel(); // Where a report or a save failed, the workers are still reading, and would do so behind the caller's back.
            Task.WaitAny([work], CancellationToken.None);
            Save();
        }
    }

    /// <summary>The SHA-256 of a file in lower-case hexadecimal, or null where there is no such file.</summary>
    public string? Of(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var content = Content.Of(file);
        return Known(content) ?? Remember(content, _ => { }, CancellationToken.None);
    }

    /// <summary>Writes the memory back where something was added. One thread at a time.</summary>
    public void Save()
    {
        if (isChanged)
        {
            isChanged = false;
            // Sorted straight, the dictionary would be asked for its count and then for its entries, which may be more by then.
            AtomicFile.Write(cacheFile, stream => JsonSerializer.Serialize(stream, entries.ToArray().OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary()));
        }
    }

    private string? Known(Content file) => entries.TryGetValue(file.Path, out var known)
        && known.Size == file.Stamp.Length && known.Changed == file.Stamp.ChangedUtc.Ticks ? known.Sha256 : null;

    private string Remember(Content file, Action<long> read, CancellationToken cancellation)
    {
        using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[(int)Math.Clamp(file.Stamp.Length, 1, BlockBytes)];
        for (int count; (count = stream.Read(block)) > 0; read(count))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
        }

        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        entries[file.Path] = new Entry(file.Stamp.Length, file.Stamp.ChangedUtc.Ticks, sha256);
        isChanged = true;
        return sha256;
    }

    private static ConcurrentDictionary<string, Entry> Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<ConcurrentDictionary<string, Entry>>(stream) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return []; // No memory is no loss.
        }
    }

    /// <summary>A file, and the version of it that is read.</summary>
    private sealed record Content(string Path, FileStamp Stamp)
    {
        public static Content Of(string file) => new(System.IO.Path.GetFullPath(file), FileStamp.Of(file));
    }

    private sealed record Entry(long Size, long Changed, string Sha256);
}
