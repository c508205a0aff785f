using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// Byte strings sorted in bounded memory: as many as fit are sorted at once and go to disk as a run; the runs are merged
/// when they are read, and before that where there are so many that they would take too many open files. Write all, then
/// read all.
/// </summary>
/// <param name="folder">Where the runs go; called when the first is written.</param>
/// <param name="name">Begins the names of their files.</param>
/// <param name="memory">Bytes of memory, about.</param>
internal sealed class SortedRuns(Func<string> folder, string name, long memory) : IDisposable
{
    private const int Overhead = sizeof(ulong) + sizeof(int); // Per string, for sorting.
    private const int FirstSize = 1 << 16;

    private const int MostOfLevel = 32;

    private readonly List<List<SortedRun>> levels = []; // What was written at once, what was merged of it, and so on.
    private RunMerge? merge;
    private int files;
    private readonly int most = (int)Math.Clamp(memory, FirstSize, 1 << 30);
    private byte[] arena = new byte[FirstSize];
    private int used;
    private List<int> places = [];
    private int next = -1;

    /// <summary>How many strings there are.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a string of at most 65,535 bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var needed = bytes.Length + sizeof(ushort);
        if (used + needed + ((places.Count + 1L) * Overhead) > most && places.Count > 0)
        {
            Spill();
        }

        if (arena.Length - used < needed)
        {
            Array.Resize(ref arena, (int)Math.Max(used + needed, Math.Min(2L * arena.Length, most)));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(arena.AsSpan(used), checked((ushort)bytes.Length));
        bytes.CopyTo(arena.AsSpan(used + sizeof(ushort)));
        places.Add(used);
        used += needed;
        Count++;
    }

    /// <summary>The next string in order; equal ones come one after the other.</summary>
    /// <param name="bytes">Valid until the next call.</param>
    public bool TryRead(out ReadOnlySpan<byte> bytes)
    {
        if (next < 0)
        {
            Begin();
        }

        if (merge is not null)
        {
            return merge.TryRead(out bytes);
        }

        bytes = next < places.Count ? At(places[next++]) : default;
        return !bytes.IsEmpty;
    }

    public void Dispose()
    {
        levels.ForEach(level => level.ForEach(run => run.Dispose()));
        (arena, places) = ([], []);
    }

    private void Begin()
    {
        next = 0;
        if (levels.Count == 0)
        {
            Sort();
            return;
        }

        Spill();
        (arena, places) = ([], []);
        merge = new RunMerge(levels.SelectMany(level => level));
    }

    private void Spill()
    {
        if (places.Count == 0)
        {
            return;
        }

        Sort();
        var run = Create(0);
        foreach (var place in places)
        {
            run.Write(arena.AsSpan(place, sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(arena.AsSpan(place))));
        }

        run.Finish();
        places.Clear();
        used = 0;
        for (var level = 0; levels[level].Count == MostOfLevel; level++)
        {
            MergeLevel(level);
        }
    }

    private SortedRun Create(int level)
    {
        if (levels.Count == level)
        {
            levels.Add([]);
        }

        var run = new SortedRun(Path.Combine(folder(), $"{name}.{files++}"));
        levels[level].Add(run);
        return run;
    }

    /// <summary>Makes one run of the next level of all of one: each string is written once a level.</summary>
    private void MergeLevel(int level)
    {
        var whole = Create(level + 1);
        var parts = new RunMerge(levels[level]);
        Span<byte> prefix = stackalloc byte[sizeof(ushort)];
        while (parts.TryRead(out var bytes))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(prefix, (ushort)bytes.Length);
            whole.Write(prefix);
            whole.Write(bytes);
        }

        whole.Finish();
        levels[level].ForEach(run => run.Dispose());
        levels[level].Clear();
    }

    /// <summary>Sorts by the first eight bytes as one number; only strings that agree in these are compared whole.</summary>
    private void Sort()
    {
        var sorted = CollectionsMarshal.AsSpan(places);
        var keys = new ulong[sorted.Length];
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < keys.Length; i++)
        {
            var bytes = At(sorted[i]);
            first.Clear();
            bytes[..Math.Min(bytes.Length, sizeof(ulong))].CopyTo(first);
            keys[i] = BinaryPrimitives.ReadUInt64BigEndian(first);
        }

        keys.AsSpan().Sort(sorted);
        for (var (start, end) = (0, 0); start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start];)
            {
                end++;
            }

            if (end - start > 1)
            {
                sorted[start..end].Sort((a, b) => At(a).SequenceCompareTo(At(b)));
            }
        }
    }

    private ReadOnlySpan<byte> At(int place) =>
        arena.AsSpan(place + sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(arena.AsSpan(place)));
}
