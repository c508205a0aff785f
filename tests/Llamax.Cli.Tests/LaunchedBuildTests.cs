using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class LaunchedBuildTests
{
    [Fact]
    public async Task Started_by_srun_without_mpi_a_build_is_refused_as_something_to_mend()
    {
        using var temporary = new TemporaryFolder();
        var (code, output, error) = await CommandLine.RunAsync(
            [("SLURM_STEP_NUM_TASKS", "3"), ("SLURM_PROCID", "1"), ("LLAMAX_MPI", "/no/such/libmpi.so")],
            "",
            "data", "build", Path.Combine(Shared.Repository, "recipes", "smoke.yaml"), "--out", temporary.File("run"));

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Equal(
            "llamax: srun started this process as number 1 of 3, but LLAMAX_MPI=/no/such/libmpi.so cannot be loaded. Set it to the path of the MPI "
            + "library that the launcher belongs to, or unset it.\n", error);
        Assert.False(Directory.Exists(temporary.File("run")));
    }
}
