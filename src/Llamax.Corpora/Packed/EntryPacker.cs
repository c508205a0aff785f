using System.Numerics;
using System.Runtime.InteropServices;

namespace Llamax.Corpora.Packed;

/// <summary>
/// Puts entries of one kind and direction into rows by best fit, longest first (Johnson, 1973), window by window of the
/// entries as they come: what a row holds depends on nothing outside its window. No entry is cut; one that is longer than
/// a row has a row of its own.
/// </summary>
/// <param name="length">Ids of a row at most.</param>
/// <param name="sink">Receives the rows, in the order of their first entries.</param>
/// <param name="window">Ids of a window: so much is held in memory, at 4 bytes each.</param>
internal sealed class EntryPacker(int length, Action<PackedRow> sink, int window = EntryPacker.DefaultWindow)
{
    /// <summary>The length of the paper's monolingual entries.</summary>
    public const int DefaultLength = 512;

    /// <summary>4 MiB of ids: some ten thousand sentence pairs, which leave about 1 % of a row of 512 empty.</summary>
    public const int DefaultWindow = 1 << 20;

    private readonly List<int> ids = [];
    private readonly List<Entry> entries = [];

    /// <summary>Appends an entry.</summary>
    /// <param name="entry">Its ids.</param>
    /// <param name="lossFrom">Index of its first target.</param>
    /// <param name="kind">One of <see cref="ExampleKinds"/>.</param>
    /// <param name="direction">Its language, or source and target.</param>
    public void Add(ReadOnlySpan<int> entry, int lossFrom, string kind, string direction)
    {
        if (ids.Count + entry.Length > window)
        {
            Complete();
        }

        entries.Add(new Entry(ids.Count, entry.Length, lossFrom, kind, direction));
        ids.AddRange(entry);
    }

    /// <summary>Gives the rows of the last window.</summary>
    public void Complete()
    {
        var rows = Enumerable.Range(0, entries.Count).GroupBy(i => (entries[i].Kind, entries[i].Direction)).SelectMany(Fit).ToList();
        rows.ForEach(row => row.Sort());
        foreach (var row in rows.OrderBy(row => row[0]))
        {
            sink(Join(row));
        }

        ids.Clear();
        entries.Clear();
    }

    /// <summary>Each entry goes into the row that it leaves the least room in, or a new one.</summary>
    private List<List<int>> Fit(IEnumerable<int> group)
    {
        var rows = new List<List<int>>();
        var byRoom = new Stack<int>?[length + 1];
        var rooms = new ulong[(length / 64) + 1]; // A bit per room that some row has.
        foreach (var entry in group.OrderByDescending(i => entries[i].Length))
        {
            var size = entries[entry].Length;
            var room = Smallest(rooms, size);
            int row;
            if (room < 0)
            {
                (row, room) = (rows.Count, Math.Max(length, size));
                rows.Add([]);
            }
            else
            {
                row = byRoom[room]!.Pop();
                if (byRoom[room]!.Count == 0)
                {
                    rooms[room / 64] &= ~(1UL << (room % 64));
                }
            }

            rows[row].Add(entry);
            (byRoom[room - size] ??= new Stack<int>()).Push(row);
            rooms[(room - size) / 64] |= 1UL << ((room - size) % 64);
        }

        return rows;
    }

    /// <summary>The smallest room of at least this size; -1 where there is none.</summary>
    private static int Smallest(ulong[] rooms, int size)
    {
        for (var word = size / 64; word < rooms.Length; word++)
        {
            var bits = word == size / 64 ? rooms[word] & (ulong.MaxValue << (size % 64)) : rooms[word];
            if (bits != 0)
            {
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }

    private PackedRow Join(List<int> row)
    {
        var joined = new int[row.Sum(entry => entries[entry].Length)];
        var (starts, lossFrom) = (new int[row.Count], new int[row.Count]);
        var end = 0;
        for (var i = 0; i < row.Count; i++)
        {
            var entry = entries[row[i]];
            CollectionsMarshal.AsSpan(ids).Slice(entry.Start, entry.Length).CopyTo(joined.AsSpan(end));
            (starts[i], lossFrom[i]) = (end, entry.LossFrom);
            end += entry.Length;
        }

        return new PackedRow(joined, starts, lossFrom, entries[row[0]].Kind, entries[row[0]].Direction);
    }

    private readonly record struct Entry(int Start, int Length, int LossFrom, string Kind, string Direction);
}
