using System.Security.Cryptography;
using Llamax.Text.Files;

namespace Llamax.Corpora.Shards;

/// <summary>
/// Writes training entries into Arrow IPC files and a manifest. Everything is written beside the folder and takes its
/// place in one rename when <see cref="Complete"/> is called, so a folder of that name is always a whole training set.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    private readonly string folder;
    private readonly string temporary;
    private readonly string replaced;
    private readonly ShardOptions options;
    private readonly TokenizerStamp? tokenizer;
    private readonly List<ShardEntry> shards = [];
    private readonly SortedDictionary<(string Kind, string Direction), (long Rows, long Tokens, long Targets)> groups =
        new(Comparer<(string, string)>.Create((a, b) =>
            string.CompareOrdinal(a.Item1, b.Item1) is var kind and not 0 ? kind : string.CompareOrdinal(a.Item2, b.Item2)));

    private readonly SortedDictionary<string, long> leftOut = new(StringComparer.Ordinal);
    private readonly ShardBuffer buffer = new();
    private bool completed;

    /// <summary>Starts a training set.</summary>
    /// <param name="folder">The folder that will hold it. A training set that is there is replaced at the end.</param>
    /// <param name="options">Sizes of the files.</param>
    /// <param name="tokenizer">Which tokenizer made the ids, for the manifest.</param>
    /// <exception cref="LlamaxException">The folder holds something that is no training set.</exception>
    public ShardWriter(string folder, ShardOptions options, TokenizerStamp? tokenizer = null)
    {
        this.folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.options = options;
        this.tokenizer = tokenizer;
        if (Directory.Exists(this.folder) && !File.Exists(Path.Combine(this.folder, ShardManifest.FileName))
            && Directory.EnumerateFileSystemEntries(this.folder).Any())
        {
            throw new LlamaxException(
                $"{folder} is not empty and holds no {ShardManifest.FileName}: it is no training set and will not be overwritten. "
                + "Name another folder, or empty this one.");
        }

        temporary = this.folder + ".partial";
        replaced = this.folder + ".replaced";
        Remove(temporary); // What a killed process left.
        Remove(replaced);
        Directory.CreateDirectory(temporary);
    }

    /// <summary>Entries added so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Notes for the manifest that something was not made into an entry.</summary>
    /// <param name="reason">What it was, as a reader of the manifest should find it: <c>pairs that are too long</c>.</param>
    /// <param name="count">How many; nothing is noted for 0.</param>
    public void LeaveOut(string reason, long count = 1)
    {
        if (count > 0)
        {
            leftOut[reason] = leftOut.GetValueOrDefault(reason) + count;
        }
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="example">At least two ids, at least one of them a target.</param>
    /// <exception cref="ArgumentException">The entry has no target.</exception>
    public void Add(TrainingExample example)
    {
        var length = example.InputIds.Length;
        var from = Math.Max(example.LossFrom, 1);
        if (length <= from)
        {
            throw new ArgumentException($"an entry of {length} ids with loss from {example.LossFrom} has no target", nameof(example));
        }

        if (buffer.Rows > 0 && buffer.Tokens + length > options.Tokens)
        {
            Flush();
        }

        buffer.Add(example);
        Rows++;
        var key = (example.Kind, example.Direction);
        groups.TryGetValue(key, out var sum);
        groups[key] = (sum.Rows + 1, sum.Tokens + length, sum.Targets + length - from);
        if (buffer.Rows >= options.Rows)
        {
            Flush();
        }
    }

    /// <summary>Writes the last shard and the manifest, and puts the folder in its place.</summary>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="LlamaxException">No entry was added.</exception>
    public ShardManifest Complete()
    {
        if (buffer.Rows > 0)
        {
            Flush();
        }

        if (shards.Count == 0)
        {
            throw new LlamaxException($"{folder}: the training set is empty. Name corpora that hold text in the recipe's `data`.");
        }

        var manifest = new ShardManifest
        {
            Rows = shards.Sum(shard => (long)shard.Rows),
            Tokens = shards.Sum(shard => shard.Tokens),
            Tokenizer = tokenizer,
            Groups = [.. groups.Select(group => new ShardGroup(
                group.Key.Kind, group.Key.Direction, group.Value.Rows, group.Value.Tokens, group.Value.Targets))],
            LeftOut = leftOut,
            Shards = [.. shards],
        };
        AtomicFile.Write(Path.Combine(temporary, ShardManifest.FileName), stream =>
        {
            stream.Write(manifest.ToJson());
            stream.WriteByte((byte)'\n');
        });

        if (Directory.Exists(folder))
        {
            Directory.Move(folder, replaced);
        }

        Directory.Move(temporary, folder);
        completed = true;
        Remove(replaced);
        return manifest;
    }

    /// <summary>Removes what was written unless <see cref="Complete"/> was reached.</summary>
    public void Dispose()
    {
        if (!completed)
        {
            Remove(temporary);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private void Flush()
    {
        var name = $"shard-{shards.Count:D5}.arrow";
        var path = Path.Combine(temporary, name);
        using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
        {
            buffer.WriteTo(stream);
            stream.Flush(flushToDisk: true);
            stream.Position = 0;
            shards.Add(new ShardEntry(name, buffer.Rows, buffer.Tokens, stream.Length,
                Convert.ToHexStringLower(SHA256.HashData(stream))));
        }

        buffer.Clear();
    }
}
