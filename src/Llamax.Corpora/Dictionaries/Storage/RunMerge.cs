namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>Reads finished runs as one sorted sequence.</summary>
internal sealed class RunMerge
{
    private readonly PriorityQueue<SortedRun, SortedRun> heads = new(Comparer<SortedRun>.Create((a, b) => a.Current.SequenceCompareTo(b.Current)));
    private SortedRun? taken;

    /// <param name="runs">The runs, none of which was read; they stay their owner's.</param>
    public RunMerge(IEnumerable<SortedRun> runs)
    {
        foreach (var run in runs)
        {
            if (run.TryNext())
            {
                heads.Enqueue(run, run);
            }
        }
    }

    /// <summary>The next string in order; equal ones come one after the other.</summary>
    /// <param name="bytes">Valid until the next call.</param>
    public bool TryRead(out ReadOnlySpan<byte> bytes)
    {
        if (taken is not null && taken.TryNext())
        {
            heads.Enqueue(taken, taken);
        }

        taken = heads.TryDequeue(out var run, out _) ? run : null;
        bytes = taken is null ? default : taken.Current;
        return taken is not null;
    }
}
