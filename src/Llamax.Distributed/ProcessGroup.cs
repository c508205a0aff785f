using System.Diagnostics.CodeAnalysis;
using Llamax.Distributed.Mpi;

namespace Llamax.Distributed;

/// <summary>
/// The processes that <c>mpirun</c> or <c>srun</c> started together, or this one alone. Where one of them ends without
/// <see cref="Complete"/>, be it by an exception, a signal or a lost machine, the launcher ends the others.
/// </summary>
public sealed class ProcessGroup : IDisposable
{
    private const int Bug = 70;

    /// <summary>Pauses between two looks at a barrier: MPI's own waiting takes a whole core.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private readonly MpiLibrary? library;
    private readonly Lock calls = new();
    private bool left;

    private ProcessGroup(MpiLibrary? library, int rank, int size)
    {
        (this.library, Rank, Size) = (library, rank, size);
        if (library is not null)
        {
            AppDomain.CurrentDomain.UnhandledException += AbortOnBug;
        }
    }

    /// <summary>Number of this process, from 0.</summary>
    public int Rank { get; }

    /// <summary>Number of processes.</summary>
    public int Size { get; }

    /// <summary>
    /// Joins the processes that the launcher started together with this one; alone, without loading a library, where no
    /// launcher did. Once per process. The library is the launcher's own by its usual names, or the one that the
    /// variable <c>LLAMAX_MPI</c> names.
    /// </summary>
    /// <exception cref="DistributedException">A launcher started several processes, but MPI is missing or sees another number of them.</exception>
    public static ProcessGroup Join()
    {
        if (Launch.FromEnvironment() is not { IsShared: true } launch)
        {
            return new ProcessGroup(null, 0, 1);
        }

        // These handlers would take the place of the runtime's, which turns a null reference into an exception.
        NativeEnvironment.SetDefault("UCX_ERROR_SIGNALS", "");
        var mpi = MpiLibrary.Load(launch, Environment.GetEnvironmentVariable(MpiLibrary.Variable));
        mpi.Initialize();
        var (rank, size) = (mpi.Rank(), mpi.Size());
        if ((launch.Size ?? size) != size || (launch.Rank ?? rank) != rank)
        {
            throw new DistributedException(
                $"{launch.Description}, but {mpi.Name} sees number {rank} of {size}: it is not the launcher's own MPI, and each process "
                + "would do all of the work. "
                + (launch.Launcher == "srun" ? "Start with `srun --mpi=pmix` (Open MPI) or `srun --mpi=pmi2` (MPICH), see `srun --mpi=list`, or set " : "Set ")
                + $"{MpiLibrary.Variable} to the path of the launcher's library.");
        }

        return new ProcessGroup(mpi, rank, size);
    }

    /// <summary>
    /// Waits until all processes stand here, asleep most of the time: it goes on at most 20 ms after the last one came.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting. The group cannot be used after that: leave the process.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Barrier(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (library is null)
        {
            return;
        }

        lock (calls)
        {
            ObjectDisposedException.ThrowIf(left, this);
            var request = library.BeginBarrier();
            for (var pause = ShortestPause; !library.Test(ref request); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                if (cancellationToken.WaitHandle.WaitOne(pause))
                {
                    left = true;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
    }

    /// <summary>Writes a message that names this process to standard error and ends all processes of the group.</summary>
    /// <param name="exitCode">Exit code of the job, above 0.</param>
    /// <param name="message">Why.</param>
    [DoesNotReturn]
    public void Abort(int exitCode, string message)
    {
        Console.Error.WriteLine(Size == 1 ? $"llamax: {message}" : $"llamax: rank {Rank} of {Size}: {message}");
        Console.Error.Flush();
        library?.Abort(exitCode);
        Environment.Exit(exitCode);
    }

    /// <summary>Waits until all processes are done and leaves the group. Without it, the launcher takes the end of this process for a failure.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Complete(CancellationToken cancellationToken = default)
    {
        Barrier(cancellationToken);
        left = true;
        library?.Complete();
    }

    /// <summary>
    /// Forgets the group. Does not wait for the others: this process may be on its way out with an exception while they
    /// wait at a barrier, and would never reach them.
    /// </summary>
    public void Dispose()
    {
        left = true;
        AppDomain.CurrentDomain.UnhandledException -= AbortOnBug;
    }

    private void AbortOnBug(object sender, UnhandledExceptionEventArgs arguments)
    {
        if (!left)
        {
            Abort(Bug, $"{arguments.ExceptionObject}");
        }
    }
}
