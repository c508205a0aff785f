using System.Runtime.InteropServices;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Selection;

/// <summary>Reads sorted files of keys as one sorted sequence; of equal keys those of the earlier unit come first.</summary>
internal static class KeyMerge
{
    /// <summary>Files that are open at once: systems allow a process 1,024 or fewer.</summary>
    private const int MostOpen = 256;

    private const int KeysPerRead = 512;

    /// <summary>The keys of all units.</summary>
    /// <param name="files">By unit, in the order of the units, its files.</param>
    /// <param name="scratch">A folder for what has to be merged in several steps; it is made where it is needed, and removed.</param>
    /// <param name="mostOpen">Files that may be open at once.</param>
    /// <exception cref="LlamaxException">A file is cut off.</exception>
    public static IEnumerable<(RecordKey Key, int Unit)> Read(IReadOnlyList<IReadOnlyList<string>> files, string scratch, int mostOpen = MostOpen)
    {
        var sources = files.SelectMany((ofUnit, unit) => ofUnit.Select(file => new Source(file, unit))).ToList();
        try
        {
            for (var made = 0; sources.Count > mostOpen; made++)
            {
                var path = Path.Combine(scratch, $"{made:D6}.merged");
                var (first, rest) = (sources[..mostOpen], sources[mostOpen..]);
                AtomicFile.Write(path, stream =>
                {
                    foreach (var (key, unit) in Merge(first))
                    {
                        stream.Write(MemoryMarshal.AsBytes([new PlacedKey(key, unit)]));
                    }
                });
                foreach (var done in first.Where(source => source.Unit is null))
                {
                    File.Delete(done.Path);
                }

                sources = [.. rest, new Source(path, null)]; // Behind the others, so that every key is written as rarely as can be.
            }

            foreach (var each in Merge(sources))
            {
                yield return each;
            }
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private static IEnumerable<(RecordKey Key, int Unit)> Merge(List<Source> sources)
    {
        var runs = new List<Run>();
        var heads = new PriorityQueue<Run, (UInt128 Hash, int Unit, long Index)>();
        try
        {
            foreach (var source in sources)
            {
                var run = new Run(source);
                runs.Add(run);
                if (run.TryNext())
                {
                    heads.Enqueue(run, run.Order);
                }
            }

            while (heads.TryPeek(out var run, out _))
            {
                yield return (run.Current.Key, run.Current.Unit);
                if (run.TryNext())
                {
                    heads.DequeueEnqueue(run, run.Order);
                }
                else
                {
                    heads.Dequeue();
                }
            }
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    /// <summary>A file: of keys of one unit, or of keys that say their unit.</summary>
    private sealed record Source(string Path, int? Unit);

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private readonly record struct PlacedKey(RecordKey Key, int Unit);

    /// <summary>One file, a few keys of it in memory.</summary>
    private sealed class Run(Source source) : IDisposable
    {
        private readonly FileStream stream = new(source.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        private readonly RecordKey[] keys = new RecordKey[source.Unit is null ? 0 : KeysPerRead];
        private readonly PlacedKey[] placed = new PlacedKey[source.Unit is null ? KeysPerRead : 0];
        private int count;
        private int next;

        public PlacedKey Current { get; private set; }

        public (UInt128 Hash, int Unit, long Index) Order => (Current.Key.Hash, Current.Unit, Current.Key.Index);

        public bool TryNext()
        {
            if (next == count)
            {
                count = source.Unit is null ? Fill(placed) : Fill(keys);
                next = 0;
                if (count == 0)
                {
                    return false;
                }
            }

            Current = source.Unit is { } unit ? new PlacedKey(keys[next], unit) : placed[next];
            next++;
            return true;
        }

        public void Dispose() => stream.Dispose();

        private int Fill<T>(T[] items)
            where T : unmanaged
        {
            var bytes = MemoryMarshal.AsBytes(items.AsSpan());
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var size = bytes.Length / items.Length;
            return read % size == 0 ? read / size : throw new LlamaxException($"{source.Path} is cut off. Remove its folder and start again.");
        }
    }
}
