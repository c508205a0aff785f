using System.Globalization;
using Llamax.Distributed.Mpi;

namespace Llamax.Distributed;

/// <summary>What the environment says about who started this process, and as which of how many.</summary>
/// <param name="Launcher">The launcher's name, for messages.</param>
/// <param name="Rank">Number of this process from 0; null where the launcher tells it through MPI only.</param>
/// <param name="Size">Number of processes; null where the launcher tells it through MPI only.</param>
public sealed record Launch(string Launcher, int? Rank, int? Size)
{
    /// <summary>Whether this process is one of several: their number is above 1, or unknown.</summary>
    public bool IsShared => Size is not 1;

    /// <summary>The beginning of a message about it.</summary>
    internal string Description =>
        $"{Launcher} started this process as {(Rank is { } rank ? $"number {rank}" : "one")} of {(Size is { } size ? $"{size}" : "several")}";

    /// <summary>The library families to look for, the likeliest first.</summary>
    internal IReadOnlyList<MpiFamily> Families { get; init; } = [];

    /// <summary>The launch of this process; null where nobody launched it but a shell.</summary>
    public static Launch? FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The launch that variables describe. Slurm's variables count only in a step that <c>srun</c> started: a batch
    /// script has <c>SLURM_NTASKS</c> too, but is one process.
    /// </summary>
    /// <param name="variable">The value of a variable, or null.</param>
    internal static Launch? From(Func<string, string?> variable)
    {
        if (Number("OMPI_COMM_WORLD_SIZE") is { } openMpi)
        {
            return new Launch("Open MPI's mpirun", Number("OMPI_COMM_WORLD_RANK"), openMpi) { Families = [MpiFamily.OpenMpi] };
        }

        var steps = Number("SLURM_STEP_NUM_TASKS");
        var launcher = steps is null ? null : "srun";
        if (Number("PMI_RANK") is { } rank)
        {
            return new Launch(launcher ?? "MPICH's mpirun", rank, Number("PMI_SIZE") ?? steps)
            {
                Families = [MpiFamily.Mpich, MpiFamily.OpenMpi],
            };
        }

        var number = Number("PMIX_RANK");
        return number is null && steps is null
            ? null
            : new Launch(launcher ?? "A PMIx launcher", number ?? Number("SLURM_PROCID"), steps)
            {
                Families = [MpiFamily.OpenMpi, MpiFamily.Mpich],
            };

        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
