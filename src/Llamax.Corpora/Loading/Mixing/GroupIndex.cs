using System.Runtime.InteropServices;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Loading.Mixing;

/// <summary>
/// Finds the entries of each group. Making it reads the columns of kinds and directions once; it keeps a few numbers per
/// group and shard, and reads the columns again from there.
/// </summary>
internal sealed class GroupIndex
{
    private readonly ShardSet set;
    private readonly List<Part>[] parts;

    /// <summary>Reads the columns of a training set.</summary>
    /// <exception cref="LlamaxException">A shard is damaged.</exception>
    public GroupIndex(ShardSet set)
    {
        this.set = set;
        var found = new Dictionary<(string, string), List<Part>>();
        var start = 0L;
        for (var shard = 0; shard < set.Manifest.Shards.Count; shard++)
        {
            var reader = set.Locate(start).Shard;
            foreach (var marks in MarksOf(reader))
            {
                var first = marks.Row(0, reader.KindNumbers, reader.DirectionNumbers);
                var list = CollectionsMarshal.GetValueRefOrAddDefault(found, (reader.Kind(first), reader.Direction(first)), out _) ??= [];
                list.Add(new Part(list.Count == 0 ? 0 : list[^1].End, start, marks));
            }

            start += set.Manifest.Shards[shard].Rows;
        }

        var ordered = found.OrderBy(group => group.Key.Item1, StringComparer.Ordinal).ThenBy(group => group.Key.Item2, StringComparer.Ordinal).ToList();
        Groups = [.. ordered.Select(group => new ShardGroup(group.Key.Item1, group.Key.Item2, group.Value[^1].End, 0, 0))];
        parts = [.. ordered.Select(group => group.Value)];
    }

    /// <summary>The groups by kind, then direction, with their numbers of rows.</summary>
    public IReadOnlyList<ShardGroup> Groups { get; }

    /// <summary>Numbers held in memory, for tests.</summary>
    public long Marks => parts.Sum(group => group.Sum(part => (long)part.Marks.Marks));

    /// <summary>The row of a group's member in the training set.</summary>
    /// <param name="group">Index into <see cref="Groups"/>.</param>
    /// <param name="member">From 0 to the group's rows, exclusive.</param>
    public long Row(int group, long member)
    {
        var list = parts[group];
        var (low, high) = (0, list.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list[middle].End > member ? (low, middle) : (middle + 1, high);
        }

        var part = list[low];
        var shard = set.Locate(part.Row).Shard;
        return part.Row + part.Marks.Row((int)(member - part.Start), shard.KindNumbers, shard.DirectionNumbers);
    }

    private static Dictionary<(int Kind, int Direction), GroupMarks>.ValueCollection MarksOf(ShardReader shard)
    {
        var kinds = shard.KindNumbers;
        var directions = shard.DirectionNumbers;
        var groups = new Dictionary<(int, int), GroupMarks>();
        GroupMarks? last = null;
        for (var row = 0; row < shard.Rows; row++)
        {
            var (kind, direction) = (kinds[row], directions[row]);
            if (last is null || last.Kind != kind || last.Direction != direction)
            {
                last = CollectionsMarshal.GetValueRefOrAddDefault(groups, (kind, direction), out _) ??= new GroupMarks(kind, direction, shard.Rows);
            }

            last.Add(row);
        }

        return groups.Values;
    }

    /// <summary>The rows of a group in one shard.</summary>
    /// <param name="Start">Members of the group in earlier shards.</param>
    /// <param name="Row">The shard's first row in the training set.</param>
    /// <param name="Marks">Where the members are in the shard.</param>
    private sealed record Part(long Start, long Row, GroupMarks Marks)
    {
        public long End => Start + Marks.Count;
    }
}
