using Llamax.Testing;

namespace Llamax.Distributed;

public sealed class LibraryChoiceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("openmpi", "libmpich.so.12", "Open MPI's mpirun started this process as number 0 of 2, but libmpich.so.12 sees number 0 of 1")]
    [InlineData("mpich", "libmpi.so.40", "MPICH's mpirun started this process as number 1 of 2, but libmpi.so.40 sees number 0 of 1")]
    [InlineData("mpich", "/no/such/libmpi.so", "LLAMAX_MPI=/no/such/libmpi.so cannot be loaded")]
    [InlineData("openmpi", "libc.so.6", "libc.so.6 is no MPI library")]
    public void With_the_wrong_library_nobody_works(string launcher, string library, string message)
    {
        if (library.StartsWith("libmpi", StringComparison.Ordinal))
        {
            Shared.Program("mpirun.openmpi", "openmpi-bin");
            Shared.Program("mpirun.mpich", "mpich");
        }

        using var job = Job.Start(launcher, 2, folder, "report", -1, ("LLAMAX_MPI", library));

        Assert.NotEqual(0, job.Wait());
        Assert.Contains(message, job.Errors);
        Assert.DoesNotContain("rank 0 of 1", job.Output);
    }

    [Fact]
    public void A_step_of_srun_without_mpi_is_refused()
    {
        using var job = Job.Start("", 1, folder, "report", -1,
            ("SLURM_STEP_NUM_TASKS", "3"), ("SLURM_PROCID", "1"), ("LLAMAX_MPI", "/no/such/libmpi.so"));

        Assert.Equal(2, job.Wait());
        Assert.StartsWith("host: srun started this process as number 1 of 3, but LLAMAX_MPI=/no/such/libmpi.so cannot be loaded", job.Errors);
    }
}
