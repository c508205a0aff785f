using System.Runtime.InteropServices;

namespace Llamax.Corpora.Building.Selection;

/// <summary>Reads sorted files of keys as one sorted sequence; of equal keys those of the earlier unit come first.</summary>
internal static class KeyMerge
{
    private const int KeysPerRead = 512;

    /// <summary>The keys of all units.</summary>
    /// <param name="files">By unit, in the order of the units, its files.</param>
    /// <exception cref="LlamaxException">A file is cut off.</exception>
    public static IEnumerable<(RecordKey Key, int Unit)> Read(IReadOnlyList<IReadOnlyList<string>> files)
    {
        var runs = new List<Run>();
        var heads = new PriorityQueue<Run, (UInt128 Hash, int Unit, long Index)>();
        try
        {
            for (var unit = 0; unit < files.Count; unit++)
            {
                foreach (var file in files[unit])
                {
                    runs.Add(new Run(file, unit));
                }
            }

            foreach (var run in runs)
            {
                if (run.TryNext())
                {
                    heads.Enqueue(run, run.Order);
                }
            }

            while (heads.TryPeek(out var run, out _))
            {
                yield return (run.Key, run.Unit);
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

    /// <summary>One file, a few keys of it in memory.</summary>
    private sealed class Run(string path, int unit) : IDisposable
    {
        private readonly FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        private readonly RecordKey[] keys = new RecordKey[KeysPerRead];
        private int count;
        private int next;

        public int Unit => unit;

        public RecordKey Key { get; private set; }

        public (UInt128 Hash, int Unit, long Index) Order => (Key.Hash, unit, Key.Index);

        public bool TryNext()
        {
            if (next == count)
            {
                var bytes = stream.ReadAtLeast(MemoryMarshal.AsBytes(keys.AsSpan()), keys.Length * Marshal.SizeOf<RecordKey>(), throwOnEndOfStream: false);
                if (bytes % Marshal.SizeOf<RecordKey>() != 0)
                {
                    throw new LlamaxException($"{path} is cut off. Remove its folder and start again.");
                }

                (count, next) = (bytes / Marshal.SizeOf<RecordKey>(), 0);
                if (count == 0)
                {
                    return false;
                }
            }

            Key = keys[next++];
            return true;
        }

        public void Dispose() => stream.Dispose();
    }
}
