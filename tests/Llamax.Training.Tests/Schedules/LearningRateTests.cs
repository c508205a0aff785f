namespace Llamax.Training.Schedules;

public sealed class LearningRateTests
{
    private static readonly TrainingOptions Options = new()
    {
        Steps = 100,
        LearningRate = 2e-3,
        WarmupSteps = 10,
        MinLearningRateRatio = 0.1,
        Schedule = ScheduleKind.Cosine,
    };

    [Theory]
    [InlineData(1, 2e-4)]
    [InlineData(5, 1e-3)]
    [InlineData(10, 2e-3)]
    [InlineData(55, 1.1e-3)] // Half-way down: the middle of highest and lowest.
    [InlineData(100, 2e-4)]
    public void Rises_linearly_and_falls_along_a_cosine(int step, double expected) =>
        Assert.Equal(expected, LearningRate.At(Options, step, 100), 1e-12);

    [Theory]
    [InlineData(1, 2e-4)]
    [InlineData(10, 2e-3)]
    [InlineData(100, 2e-3)]
    public void Constant_stays_after_the_warm_up(int step, double expected) =>
        Assert.Equal(expected, LearningRate.At(Options with { Schedule = ScheduleKind.Constant }, step, 100), 1e-12);

    [Fact]
    public void Without_warm_up_the_first_step_has_the_full_rate() =>
        Assert.Equal(2e-3, LearningRate.At(Options with { WarmupSteps = 0 }, 1, 100), 1e-12);
}
