using System.Security.Cryptography;
using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Shards;

/// <summary>Writes training entries into the Arrow files of a folder, a new one whenever one is full.</summary>
/// <param name="folder">A folder that is there and holds no shards.</param>
/// <param name="options">Sizes of the files.</param>
/// <param name="packing">Whether several entries share a row.</param>
/// <param name="packedLength">Ids of a packed row at most.</param>
internal sealed class ShardFiles(string folder, ShardOptions options, PackingMode packing = PackingMode.None, int packedLength = EntryPacker.DefaultLength)
{
    private readonly List<ShardEntry> shards = [];
    private readonly Dictionary<(string Kind, string Direction), (long Rows, long Tokens, long Targets)> groups = [];
    private readonly ShardBuffer buffer = new(packing != PackingMode.None);
    private EntryPacker? packer;

    /// <summary>Entries added so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The files that are full, and after <see cref="Complete"/> all.</summary>
    public IReadOnlyList<ShardEntry> Shards => shards;

    /// <summary>Entries and ids per kind and direction, ordered by both.</summary>
    public IReadOnlyList<ShardGroup> Groups => ShardGroup.Sum(groups.Select(group => new ShardGroup(
        group.Key.Kind, group.Key.Direction, group.Value.Rows, group.Value.Tokens, group.Value.Targets)));

    /// <summary>The name of a file.</summary>
    /// <param name="number">From 0, in the order of the entries.</param>
    public static string Name(int number) => $"shard-{number:D5}.arrow";

    /// <summary>Appends an entry.</summary>
    /// <param name="ids">At least two.</param>
    /// <param name="lossFrom">Index of the first id that is a target.</param>
    /// <param name="kind">One of <see cref="ExampleKinds"/>.</param>
    /// <param name="direction">Its language, or source and target.</param>
    /// <exception cref="ArgumentException">The entry has no target.</exception>
    public void Add(ReadOnlySpan<int> ids, int lossFrom, string kind, string direction)
    {
        var from = Math.Max(lossFrom, 1);
        if (ids.Length <= from)
        {
            throw new ArgumentException($"an entry of {ids.Length} ids with loss from {lossFrom} has no target", nameof(ids));
        }

        Rows++;
        groups.TryGetValue((kind, direction), out var sum);
        groups[(kind, direction)] = (sum.Rows + 1, sum.Tokens + ids.Length, sum.Targets + ids.Length - from);
        if (packing != PackingMode.None)
        {
            packer ??= new EntryPacker(packedLength, Append);
            packer.Add(ids, lossFrom, kind, direction);
            return;
        }

        MakeRoom(ids.Length);
        buffer.Add(ids, lossFrom, kind, direction);
        FlushFull();
    }

    /// <summary>Writes the last file.</summary>
    public void Complete()
    {
        packer?.Complete();
        if (buffer.Rows > 0)
        {
            Flush();
        }
    }

    private void Append(PackedRow row)
    {
        MakeRoom(row.InputIds.Length);
        buffer.Add(row);
        FlushFull();
    }

    private void MakeRoom(int tokens)
    {
        if (buffer.Rows > 0 && buffer.Tokens + tokens > options.Tokens)
        {
            Flush();
        }
    }

    private void FlushFull()
    {
        if (buffer.Rows >= options.Rows)
        {
            Flush();
        }
    }

    private void Flush()
    {
        var name = Name(shards.Count);
        using (var stream = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
        {
            buffer.WriteTo(stream);
            stream.Flush(flushToDisk: true);
            stream.Position = 0;
            shards.Add(new ShardEntry(name, buffer.Rows, buffer.Tokens, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream))));
        }

        buffer.Clear();
    }
}
