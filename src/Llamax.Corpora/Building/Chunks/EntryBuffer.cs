using System.Runtime.InteropServices;
using Llamax.Corpora.Cleaning;

namespace Llamax.Corpora.Building.Chunks;

/// <summary>Training entries one after the other in memory. One thread at a time.</summary>
internal sealed class EntryBuffer
{
    private readonly List<int> ids = [];
    private readonly List<Entry> entries = [];
    private readonly SortedDictionary<string, long> leftOut = new(StringComparer.Ordinal);

    /// <summary>How much was not made into an entry, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => leftOut;

    /// <summary>What of it cleaning left out.</summary>
    public CleaningCounts Cleaning { get; } = new();

    /// <summary>Number of entries.</summary>
    public int Count => entries.Count;

    /// <summary>What an entry is.</summary>
    public Entry this[int index] => entries[index];

    /// <summary>The ids of an entry, until the buffer changes.</summary>
    public ReadOnlySpan<int> Ids(int index) => CollectionsMarshal.AsSpan(ids).Slice(entries[index].Start, entries[index].Length);

    /// <summary>Appends an entry.</summary>
    /// <param name="entry">Its ids.</param>
    /// <param name="lossFrom">Index of the first id that is a target.</param>
    /// <param name="kind">One of <see cref="ExampleKinds"/>.</param>
    /// <param name="direction">Its language, or source and target.</param>
    /// <param name="group">Which of the unit's groups it comes from.</param>
    public void Add(ReadOnlySpan<int> entry, int lossFrom, string kind, string direction, int group = 0)
    {
        entries.Add(new Entry(ids.Count, entry.Length, lossFrom, kind, direction, group));
        ids.AddRange(entry);
    }

    /// <summary>Appends an entry of another buffer.</summary>
    public void Add(EntryBuffer other, int index)
    {
        var entry = other[index];
        Add(other.Ids(index), entry.LossFrom, entry.Kind, entry.Direction, entry.Group);
    }

    /// <summary>Takes the entries out; what was left out stays counted.</summary>
    public EntryBuffer WithoutEntries()
    {
        ids.Clear();
        entries.Clear();
        return this;
    }

    /// <summary>Counts something that is not made into an entry.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="count">How many.</param>
    public void LeaveOut(string reason, int count = 1)
    {
        if (count > 0)
        {
            leftOut[reason] = leftOut.GetValueOrDefault(reason) + count;
        }
    }

    /// <summary>Where an entry's ids are, and the columns beside them.</summary>
    internal readonly record struct Entry(int Start, int Length, int LossFrom, string Kind, string Direction, int Group);
}
