using System.Security.Cryptography;
using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Shards;

/// <summary>
/// A training set on disk: its manifest and its shards, each mapped when it is first needed. Rows are numbered through
/// all shards. Not thread-safe while shards are being opened.
/// </summary>
public sealed class ShardSet : IDisposable
{
    private readonly string folder;
    private readonly ShardReader?[] readers;
    private readonly long[] starts;

    /// <summary>Opens the manifest.</summary>
    /// <param name="folder">A folder that <see cref="ShardWriter"/> completed.</param>
    /// <exception cref="LlamaxException">It holds no training set.</exception>
    public ShardSet(string folder)
    {
        this.folder = folder;
        Manifest = ShardManifest.Load(folder);
        readers = new ShardReader?[Manifest.Shards.Count];
        starts = new long[Manifest.Shards.Count + 1];
        for (var i = 0; i < Manifest.Shards.Count; i++)
        {
            starts[i + 1] = starts[i] + Manifest.Shards[i].Rows;
        }
    }

    /// <summary>What the folder holds.</summary>
    public ShardManifest Manifest { get; }

    /// <summary>Number of entries.</summary>
    public long Rows => Manifest.Rows;

    /// <summary>Finds an entry: its shard, and its row there.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    /// <exception cref="LlamaxException">The shard is damaged or disagrees with the manifest.</exception>
    public (ShardReader Shard, int Row) Locate(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        var found = Array.BinarySearch(starts, row);
        var shard = found >= 0 ? found : ~found - 1;
        return (Open(shard), (int)(row - starts[shard]));
    }

    /// <summary>Compares every shard with the manifest.</summary>
    /// <returns>One line per shard that is missing or different; nothing when all is well.</returns>
    public IEnumerable<string> Verify()
    {
        foreach (var entry in Manifest.Shards)
        {
            var path = Path.Combine(folder, entry.File);
            if (!File.Exists(path))
            {
                yield return $"{entry.File}: missing";
                continue;
            }

            using var stream = File.OpenRead(path);
            if (stream.Length != entry.Bytes)
            {
                yield return $"{entry.File}: {stream.Length} bytes, the manifest says {entry.Bytes}";
            }
            else if (Convert.ToHexStringLower(SHA256.HashData(stream)) is var hash && hash != entry.Sha256)
            {
                yield return $"{entry.File}: SHA-256 {hash}, the manifest says {entry.Sha256}";
            }
        }
    }

    /// <summary>Unmaps the shards.</summary>
    public void Dispose()
    {
        foreach (var reader in readers)
        {
            reader?.Dispose();
        }
    }

    private ShardReader Open(int index)
    {
        if (readers[index] is { } open)
        {
            return open;
        }

        var entry = Manifest.Shards[index];
        var reader = new ShardReader(Path.Combine(folder, entry.File));
        if (reader.Rows != entry.Rows || reader.Tokens != entry.Tokens || reader.IsPacked != (Manifest.Packing != PackingMode.None))
        {
            reader.Dispose();
            throw new LlamaxException(
                $"{Path.Combine(folder, entry.File)} holds {reader.Rows} {(reader.IsPacked ? "packed " : "")}rows and {reader.Tokens} tokens, the manifest "
                + $"says {entry.Rows}, {entry.Tokens} and packing {Manifest.Packing.ToString().ToLowerInvariant()}. Build the training set again.");
        }

        return readers[index] = reader;
    }
}
