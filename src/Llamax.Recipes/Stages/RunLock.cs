using System.Globalization;

namespace Llamax.Recipes.Stages;

/// <summary>
/// Keeps a second run out of a run folder. The lock is the operating system's on an open file, so it ends with the
/// process, however that ends; the process id in the file beside it is for the message alone. Workers that are started by
/// hand have the lock for their turns at the stages' records only, and each one of its own while it is at work; whoever has
/// the lock can see that nobody begins.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = ".lock";
    private const string WorkerPrefix = ".worker-";
    private const string OwnerSuffix = ".pid";
    private const int LongestOwner = 100;

    private readonly FileStream held;

    private RunLock(FileStream held) => this.held = held;

    /// <summary>Takes the lock of a run folder.</summary>
    /// <exception cref="LlamaxException">Another run has it, or workers are at work.</exception>
    public static RunLock Take(string folder)
    {
        var taken = TakeTurn(folder);
        try
        {
            RefuseWorkers(folder, "");
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock for a worker's turn, as soon as nobody else has it.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="waits">Told who has it, once.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static RunLock WaitForTurn(string folder, Action<string> waits, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return TakeTurn(folder);
            }
            catch (LlamaxException exception) when (exception.InnerException is IOException)
            {
                if (isFirst)
                {
                    waits($"another run{Holder(Path.Combine(folder, Name))} is at work in this folder; waiting for it");
                }

                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>A worker's own lock; the caller has its turn.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="worker">Which worker, from 1.</param>
    /// <param name="count">Of how many.</param>
    /// <exception cref="LlamaxException">The same worker is at work.</exception>
    public static RunLock TakeWorker(string folder, int worker, int count)
    {
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{WorkerPrefix}{worker}-of-{count}"));
        return Lock(file) ?? throw new LlamaxException($"{folder}: {Worker(file)} is at work in this folder. Wait for it, stop it, or start another part.");
    }

    /// <summary>Makes sure that no worker is at work; the caller has the lock, so none begins.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="why">Why they may not be, ending with a comma; may be empty.</param>
    /// <exception cref="LlamaxException">Some are.</exception>
    public static void RefuseWorkers(string folder, string why)
    {
        var busy = new List<string>();
        foreach (var file in Directory.GetFiles(folder, WorkerPrefix + "*").Where(file => !file.EndsWith(OwnerSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var free = Open(file);
            if (free is null)
            {
                busy.Add(Worker(file));
            }
            else
            {
                File.Delete(file);
                File.Delete(file + OwnerSuffix);
            }
        }

        if (busy.Count > 0)
        {
            throw new LlamaxException(
                $"{folder}: {why}{(why.Length > 0 ? " and " : "")}{string.Join(", ", busy)} {(busy.Count == 1 ? "is" : "are")} at work in this folder. Wait for the workers, stop them, or name another folder with --out.");
        }
    }

    public void Dispose() => held.Dispose();

    private static RunLock TakeTurn(string folder)
    {
        var file = Path.Combine(folder, Name);
        return Lock(file) ?? throw new LlamaxException(
            $"{folder}: another run{Holder(file)} is at work in this folder. Wait for it, stop it, or name another folder with --out.", new IOException($"{file} is locked"));
    }

    private static RunLock? Lock(string file)
    {
        var opened = Open(file);
        if (opened is null)
        {
            return null;
        }

        try
        {
            File.WriteAllText(file + OwnerSuffix, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} on {Environment.MachineName}"));
            return new RunLock(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static FileStream? Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    /// <summary>A worker by its file: <c>worker 2 of 3 (process 17 on HOST)</c>.</summary>
    private static string Worker(string file) => $"worker {Path.GetFileName(file)[WorkerPrefix.Length..].Replace("-of-", " of ", StringComparison.Ordinal)}{Holder(file)}";

    private static string Holder(string file)
    {
        try
        {
            return File.ReadAllText(file + OwnerSuffix) is { Length: > 0 and < LongestOwner } id ? $" (process {id})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
