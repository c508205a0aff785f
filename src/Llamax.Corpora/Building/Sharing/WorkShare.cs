using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Sharing;

/// <summary>Which part of a building falls to this process.</summary>
public sealed record WorkShare
{
    private readonly Action barrier = () => { };

    private WorkShare(int index, int count) => (Index, Count) = (index, count);

    /// <summary>One process does everything.</summary>
    public static WorkShare Alone { get; } = new(0, 1);

    /// <summary>This process's number, from 0.</summary>
    public int Index { get; }

    /// <summary>Number of processes.</summary>
    public int Count { get; }

    /// <summary>
    /// Whether the processes know nothing of each other, and somebody puts their results together when all have ended.
    /// </summary>
    public bool IsByHand { get; private init; }

    /// <summary>Whether this process does what is to be done once, after the others.</summary>
    public bool Completes => !IsByHand && Index == 0;

    /// <summary>A rank of a job whose ranks see the same folder and can wait for each other.</summary>
    /// <param name="rank">From 0.</param>
    /// <param name="size">Number of ranks.</param>
    /// <param name="barrier">Returns when every rank has called it.</param>
    public static WorkShare OfRank(int rank, int size, Action barrier) => new(rank, size, barrier);

    /// <summary>A worker that is started by hand.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="count">Number of workers.</param>
    public static WorkShare ByHand(int index, int count) => new(index, count) { IsByHand = true };

    private WorkShare(int index, int count, Action barrier)
        : this(index, count) => this.barrier = barrier;

    /// <summary>Waits for the other processes of the job.</summary>
    public void Wait() => barrier();

    /// <summary>
    /// Does the pieces that are not done: this process's own first, then those that no other has begun; and waits for
    /// what others are at. Results are folders that come into being whole.
    /// </summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="folderOf">The folder of a piece's result.</param>
    /// <param name="run">Makes the result in the folder that it is given, which is empty.</param>
    /// <param name="ownOnly">Whether the pieces of others are left to them.</param>
    /// <param name="cancellationToken">Ends the work between two pieces.</param>
    internal void Do(int count, Func<int, string> folderOf, Action<int, string> run, bool ownOnly, CancellationToken cancellationToken)
    {
        foreach (var parent in Enumerable.Range(0, count).Select(piece => Path.GetDirectoryName(folderOf(piece))!).Distinct(StringComparer.Ordinal))
        {
            RemoveAbandoned(parent);
        }

        var pending = Enumerable.Range(0, count).Where(piece => !ownOnly || IsOwn(piece)).OrderBy(piece => IsOwn(piece) ? 0 : 1).ToList();
        while (pending.Count > 0)
        {
            var before = pending.Count;
            pending.RemoveAll(piece =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return TryDo(folderOf(piece), folder => run(piece, folder));
            });
            if (pending.Count == before)
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static bool TryDo(string folder, Action<string> run)
    {
        if (Directory.Exists(folder))
        {
            return true;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var claim = WorkClaim.TryTake(folder + ".lock");
        if (claim is null)
        {
            return Directory.Exists(folder);
        }

        if (!Directory.Exists(folder))
        {
            var unfinished = UnfinishedName.For(folder);
            Remove(unfinished); // What this process left when it failed before.
            Directory.CreateDirectory(unfinished);
            run(unfinished);
            Publish(unfinished, folder);
        }

        return true;
    }

    /// <summary>Gives a finished piece its name. Where the file system does not lock, another process may have been quicker, with the same.</summary>
    private static void Publish(string unfinished, string folder)
    {
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Remove(unfinished);
        }
    }

    /// <summary>Removes what killed processes left: those of this machine; what others left goes when everything is complete.</summary>
    private static void RemoveAbandoned(string parent)
    {
        foreach (var left in Directory.Exists(parent) ? Directory.GetDirectories(parent, "*.tmp").Where(UnfinishedName.IsAbandoned) : [])
        {
            Remove(left);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There is none, or another process was quicker.
        }
    }

    private bool IsOwn(int piece) => piece % Count == Index;
}
