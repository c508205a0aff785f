using Llamax.Distributed.Mpi;

namespace Llamax.Distributed;

public sealed class LaunchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("SLURM_NTASKS=8 SLURM_PROCID=0 SLURM_JOB_ID=17")] // A batch script.
    [InlineData("PMI_SIZE=3 OMPI_COMM_WORLD_RANK=1")] // Half of what a launcher sets.
    [InlineData("OMPI_COMM_WORLD_SIZE=many")]
    public void Without_a_launcher_there_is_no_launch(string variables) => Assert.Null(Detect(variables));

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=3 OMPI_COMM_WORLD_RANK=2 PMIX_RANK=2", "Open MPI's mpirun", 2, 3, true)]
    [InlineData("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0", "Open MPI's mpirun", 0, 1, false)]
    [InlineData("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 SLURM_STEP_NUM_TASKS=8", "Open MPI's mpirun", 0, 2, true)]
    [InlineData("PMI_RANK=1 PMI_SIZE=2", "MPICH's mpirun", 1, 2, true)]
    [InlineData("PMI_RANK=1 PMI_SIZE=2 SLURM_STEP_NUM_TASKS=2 SLURM_PROCID=1", "srun", 1, 2, true)]
    [InlineData("PMIX_RANK=1 SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=1", "srun", 1, 4, true)]
    [InlineData("SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=3", "srun", 3, 4, true)]
    [InlineData("SLURM_STEP_NUM_TASKS=1 SLURM_PROCID=0", "srun", 0, 1, false)]
    [InlineData("PMIX_RANK=5", "A PMIx launcher", 5, null, true)]
    public void The_environment_names_the_launcher(string variables, string launcher, int? rank, int? size, bool shared)
    {
        var launch = Detect(variables);

        Assert.NotNull(launch);
        Assert.Equal((launcher, rank, size, shared), (launch.Launcher, launch.Rank, launch.Size, launch.IsShared));
    }

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=3", MpiFamily.OpenMpi)]
    [InlineData("PMI_RANK=0 PMI_SIZE=3", MpiFamily.Mpich)]
    [InlineData("PMIX_RANK=0", MpiFamily.OpenMpi)]
    public void The_launchers_own_family_is_tried_first(string variables, object family) =>
        Assert.Equal(family, Detect(variables)!.Families[0]);

    private static Launch? Detect(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(each => each.Split('=')).ToDictionary(each => each[0], each => each[1]);
        return Launch.From(values.GetValueOrDefault);
    }
}
