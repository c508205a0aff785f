namespace Llamax.Distributed.Mpi;

/// <summary>The two binary interfaces that MPI libraries have.</summary>
internal enum MpiFamily
{
    /// <summary>Handles are addresses of exported symbols.</summary>
    OpenMpi,

    /// <summary>Handles are integers: MPICH, Intel MPI, MVAPICH, Cray MPICH (the MPICH ABI compatibility initiative).</summary>
    Mpich,
}
