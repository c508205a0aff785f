using System.Runtime.InteropServices;

namespace Llamax.Distributed.Mpi;

/// <summary>
/// The functions of an MPI library that are used here. Handles are passed as machine words: where the library's are 32-bit
/// integers, it reads the lower half, and a request that it writes fills the lower half of a word of zeros.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The variable that names a library instead of looking for one.</summary>
    public const string Variable = "LLAMAX_MPI";

    /// <summary>Of several threads one at a time calls; the value is the same in both families.</summary>
    private const int ThreadSerialized = 2;

    /// <summary>MPICH's <c>MPI_COMM_WORLD</c>.</summary>
    private const nint MpichWorld = 0x44000000;

    private readonly nint handle;
    private readonly nint world;

    private MpiLibrary(nint handle, string name)
    {
        (this.handle, Name) = (handle, name);
        world = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out var address) ? address : MpichWorld;
    }

    /// <summary>What was loaded, for messages.</summary>
    public string Name { get; }

    /// <summary>Loads the library that the variable names, or the first of those that fit the launcher.</summary>
    /// <param name="launch">Who started the process.</param>
    /// <param name="named">Path or name of the library, or null.</param>
    /// <exception cref="DistributedException">There is none, or it does not load.</exception>
    public static MpiLibrary Load(Launch launch, string? named)
    {
        var candidates = string.IsNullOrEmpty(named) ? launch.Families.SelectMany(Names).ToList() : [named];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return NativeLibrary.TryGetExport(handle, "MPI_Ibarrier", out _)
                    ? new MpiLibrary(handle, candidate)
                    : throw new DistributedException($"{candidate} is no MPI library of version 3 or later: it lacks MPI_Ibarrier. Set {Variable} to one.");
            }
        }

        throw new DistributedException(
            $"{launch.Description}, but " + (string.IsNullOrEmpty(named)
                ? $"none of {string.Join(", ", candidates)} can be loaded, so that each process would do all of the work. Install the MPI library that the launcher belongs to, or set {Variable} to its path."
                : $"{Variable}={named} cannot be loaded. Set it to the path of the MPI library that the launcher belongs to, or unset it."));
    }

    /// <summary>Enters MPI.</summary>
    /// <exception cref="DistributedException">The library refuses, or was left before in this process.</exception>
    public void Initialize()
    {
        int initialized, provided;
        Check(((delegate* unmanaged<int*, int>)Function("MPI_Initialized"))(&initialized), "MPI_Initialized");
        if (initialized != 0)
        {
            throw new DistributedException("A process joins its group once: MPI cannot be entered again.");
        }

        Check(((delegate* unmanaged<int*, byte***, int, int*, int>)Function("MPI_Init_thread"))(null, null, ThreadSerialized, &provided), "MPI_Init_thread");
        if (provided < ThreadSerialized)
        {
            throw new DistributedException($"{Name} was built without support for threads (MPI_THREAD_SERIALIZED). Set {Variable} to a library that has it.");
        }
    }

    /// <summary>Number of this process, from 0.</summary>
    public int Rank() => Ask("MPI_Comm_rank");

    /// <summary>Number of processes.</summary>
    public int Size() => Ask("MPI_Comm_size");

    /// <summary>Says that this process stands at a barrier.</summary>
    /// <returns>The request that is done when all stand there.</returns>
    public nint BeginBarrier()
    {
        nint request = 0;
        Check(((delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier"))(world, &request), "MPI_Ibarrier");
        return request;
    }

    /// <summary>Whether a request is done.</summary>
    public bool Test(ref nint request)
    {
        // MPI_Status has 20 bytes in MPICH and 24 in Open MPI.
        var status = stackalloc byte[64];
        int done;
        fixed (nint* pointer = &request)
        {
            Check(((delegate* unmanaged<nint*, int*, byte*, int>)Function("MPI_Test"))(pointer, &done, status), "MPI_Test");
        }

        return done != 0;
    }

    /// <summary>Ends all processes of the group.</summary>
    public void Abort(int code) => ((delegate* unmanaged<nint, int, int>)Function("MPI_Abort"))(world, code);

    /// <summary>Leaves MPI, when all do.</summary>
    public void Complete() => Check(((delegate* unmanaged<int>)Function("MPI_Finalize"))(), "MPI_Finalize");

    private static string[] Names(MpiFamily family) => family == MpiFamily.OpenMpi
        ? ["libmpi.so.40", "libmpi.so"]
        : ["libmpich.so.12", "libmpi.so.12", "libmpich.so"];

    private int Ask(string function)
    {
        int value;
        Check(((delegate* unmanaged<nint, int*, int>)Function(function))(world, &value), function);
        return value;
    }

    private void Check(int result, string function)
    {
        if (result != 0)
        {
            throw new DistributedException($"{function} of {Name} failed with code {result}.");
        }
    }

    private nint Function(string function) => NativeLibrary.GetExport(handle, function);
}
