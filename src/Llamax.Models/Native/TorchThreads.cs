using System.Runtime.InteropServices;
using TorchSharp;

namespace Llamax.Models.Native;

/// <summary>
/// Runs our loops on the OpenMP threads of libtorch: they are awake between two of its operations, and no second pool of
/// threads competes with them for the cores.
/// </summary>
internal static unsafe class TorchThreads
{
    /// <summary>One worker's part of a loop.</summary>
    /// <param name="begin">First index.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="worker">The worker's number, below <see cref="Workers"/>.</param>
    public delegate void Part(long begin, long end, int worker);

    private static readonly IntPtr OpenMp = LibTorch.FindFunction("GOMP_parallel");

    /// <summary>How many workers <see cref="For"/> takes.</summary>
    /// <param name="count">Number of indices.</param>
    /// <param name="grain">Indices below which a worker is not worth its while.</param>
    public static int Workers(long count, long grain) =>
        OpenMp == 0 ? 1 : (int)Math.Clamp(count / Math.Max(1, grain), 1, torch.get_num_threads());

    /// <summary>Runs <paramref name="part"/> on the indices from 0 to <paramref name="count"/>, one part for each worker.</summary>
    /// <param name="count">Number of indices.</param>
    /// <param name="workers">Of <see cref="Workers"/>; the same number gives the same parts.</param>
    /// <param name="part">Must not throw.</param>
    public static void For(long count, int workers, Part part)
    {
        if (workers == 1)
        {
            part(0, count, 0);
            return;
        }

        var handle = GCHandle.Alloc(new Loop(count, workers, part));
        try
        {
            ((delegate* unmanaged<delegate* unmanaged<IntPtr, void>, IntPtr, uint, uint, void>)OpenMp)(
                &Run, GCHandle.ToIntPtr(handle), (uint)workers, 0);
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static void Run(IntPtr state)
    {
        var loop = (Loop)GCHandle.FromIntPtr(state).Target!;

        // OpenMP may give fewer threads than asked for: parts are taken, not assigned.
        for (var worker = loop.Take(); worker < loop.Workers; worker = loop.Take())
        {
            loop.Part(loop.Count * worker / loop.Workers, loop.Count * (worker + 1) / loop.Workers, worker);
        }
    }

    private sealed class Loop(long count, int workers, Part part)
    {
        private int taken = -1;

        public long Count => count;

        public int Workers => workers;

        public Part Part => part;

        public int Take() => Interlocked.Increment(ref taken);
    }
}
